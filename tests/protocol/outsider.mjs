// Another implementation at work: the npm package `jose`. Questions on stdin, answers on stdout, as JSON.
import { CompactSign, calculateJwkThumbprint, compactDecrypt, compactVerify, importJWK } from 'jose'

const text = new TextDecoder()
const bytes = (words) => new TextEncoder().encode(words)
const signing = (jwk) => importJWK(jwk, 'Ed25519')

const verify = async (compact, jwk, typ) => {
  const told = await compactVerify(compact, await signing(jwk), { algorithms: ['Ed25519'] })
  if (told.protectedHeader.typ !== typ) throw new Error('another typ')
  if (told.protectedHeader.kid !== (await calculateJwkThumbprint(jwk))) throw new Error('another kid')
  return text.decode(told.payload)
}

const answers = {
  open: async ({ sealed, key, central }) => {
    const allowed = { keyManagementAlgorithms: ['ECDH-ES'], contentEncryptionAlgorithms: ['A256GCM'] }
    const outer = await compactDecrypt(sealed, await importJWK(key, 'ECDH-ES'), allowed)
    return verify(text.decode(outer.plaintext), central, 'hoso-manifest+jws')
  },
  sign: async ({ payload, typ, key }) => {
    const { d, ...half } = key
    const header = { alg: 'Ed25519', typ, kid: await calculateJwkThumbprint(half) }
    return new CompactSign(bytes(payload)).setProtectedHeader(header).sign(await signing(key))
  },
  check: async ({ compact, typ, key }) => verify(compact, key, typ).catch(() => null),
}

let asked = ''
for await (const piece of process.stdin) asked += piece
const question = JSON.parse(asked)
process.stdout.write(JSON.stringify({ answer: await answers[question.ask](question) }))
