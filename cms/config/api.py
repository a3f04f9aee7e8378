"""The JSON API at /api/v1/: rooms by dotted name, one way to sign in, one way to refuse."""

from ninja import NinjaAPI

api = NinjaAPI(title="共建 API", version="1", urls_namespace="api", docs_url="/docs")

ROUTERS = {
    "/works": "cms.library.api.router",
    "/taxonomy": "cms.taxonomy.api.router",
    "/spaces": "cms.spaces.api.router",
    "/courses": "cms.learning.api.router",
    "/submissions": "workflows.review.api.router",
    "/shares": "workflows.sharing.api.router",
    "/statements": "workflows.points.api.router",
}
for prefix, router in ROUTERS.items():
    api.add_router(prefix, router)
