"""Every page, for `make_app`."""

from fastapi import APIRouter

from sync.central.pages import cabinet, figures_page, result, sign_in

router = APIRouter()
for part in (sign_in, cabinet, result, figures_page):
    router.include_router(part.router)
