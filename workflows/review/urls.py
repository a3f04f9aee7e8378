"""Addresses of the room."""

from django.urls import URLPattern, URLResolver, path

from workflows.review.views import authoring, desk, lists, trials

app_name = "review"
urlpatterns: list[URLPattern | URLResolver] = [
    path("review/", lists.waiting, name="worklist"),
    path("review/mine/", lists.mine, name="mine"),
    path("review/history/<uuid:uuid>/", lists.history, name="history"),
    path("review/<uuid:uuid>/", desk.desk, name="desk"),
    path("review/<uuid:uuid>/decide/", desk.decide, name="decide"),
    path("review/<uuid:uuid>/trial/", desk.finish_trial, name="end_trial"),
    path("review/<uuid:uuid>/score/", desk.score, name="score"),
    path("review/<uuid:uuid>/score/draft/", desk.keep, name="keep_draft"),
    path("review/<uuid:uuid>/experts/", desk.assign, name="assign"),
    path("review/<uuid:uuid>/return/", desk.send_back, name="send_back"),
    path("review/<uuid:uuid>/withdraw/", desk.take_back, name="take_back"),
    path("works/<uuid:uuid>/submit/", authoring.submit, name="submit"),
    path("works/<uuid:uuid>/withdraw/", authoring.withdraw, name="withdraw"),
    path("trials/", trials.trials, name="trials"),
    path("trials/<uuid:uuid>/", trials.trial, name="trial"),
]
