"""The token endpoint on the wire (contract 00 §2.2). It takes JSON, forms and query strings alike, so it is told by hand."""

from __future__ import annotations

from typing import Any

_INPUT: dict[str, Any] = {
    "type": "object",
    "properties": {
        "grant_type": {"type": "string", "enum": ["client_credentials", "authorization_code", "refresh_token"]},
        "client_id": {"type": "string", "description": "The application's id"},
        "client_secret": {"type": "string", "description": "The application's secret"},
        "code": {"type": "string", "description": "For authorization_code: what the redirection brought"},
        "refresh_token": {"type": "string", "description": "For refresh_token: the newest one"},
    },
    "required": ["grant_type", "client_id", "client_secret"],
}
_TOKENS: dict[str, Any] = {
    "type": "object",
    "properties": {
        "refresh_token": {"type": "string", "description": "Not with client_credentials; replaced at each refresh"},
        "token_type": {"type": "string", "const": "bearer"},
        "access_token": {"type": "string", "description": "To be sent as a bearer token; its length may change"},
        "expires_in": {"type": "integer", "description": "Seconds"},
    },
    "required": ["token_type", "access_token", "expires_in"],
}
_REFUSAL: dict[str, Any] = {
    "type": "object",
    "properties": {"error_description": {"type": "string"}, "error": {"type": "string"}},
    "required": ["error_description", "error"],
}
_CREDENTIALS = {
    "grant_type": "client_credentials",
    "client_id": "0d6f1f2b5c9a4b7e8f3a2c1d4e5f6a7b",
    "client_secret": "9ab47e0f1c5d",
}


def _answer(description: str, schema: dict[str, Any], example: dict[str, Any]) -> dict[str, Any]:
    return {
        "description": description,
        "content": {"application/json; charset=utf-8": {"schema": schema, "example": example}},
    }


TOKEN_OPERATION: dict[str, Any] = {
    "security": [],
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": _INPUT, "example": _CREDENTIALS},
            "application/x-www-form-urlencoded": {"schema": _INPUT, "example": _CREDENTIALS},
        },
    },
    "responses": {
        "200": _answer(
            "A token",
            _TOKENS,
            {"token_type": "bearer", "access_token": "5fa2c9e07b1d4e6c8a3f0b9d2e4c6a81", "expires_in": 172_800},
        ),
        "400": _answer(
            "Credentials, code, refresh token or grant type are wrong",
            _REFUSAL,
            {"error_description": "Invalid client authentication", "error": "invalid_client"},
        ),
        "401": _answer(
            "The credentials of a Basic header are wrong",
            _REFUSAL,
            {"error_description": "Invalid client authentication", "error": "invalid_client"},
        ),
        "429": _answer(
            "Too many wrong credentials from this host",
            {"type": "object", "properties": {"message": {"type": "string"}}, "required": ["message"]},
            {"message": "API rate limit exceeded"},
        ),
    },
}
