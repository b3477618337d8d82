"""Sends what a program asks of api.helpscout.net to HELPSCOUT_ORIGIN instead, path and all.

Only for clients that have the host in their code: this folder is put on PYTHONPATH of their process, and Python loads a
``sitecustomize`` by itself. The client's own files stay as they came from PyPI.
"""

import os

import requests

VENDOR = "https://api.helpscout.net/"

_send = requests.Session.send


def _send_to_origin(session, request, **kwargs):
    if request.url.startswith(VENDOR):
        request.url = f"{os.environ['HELPSCOUT_ORIGIN']}/{request.url.removeprefix(VENDOR)}"
    return _send(session, request, **kwargs)


requests.Session.send = _send_to_origin
