"""The least that a gateway can do: FastAPI and httpx, passing through: passthrough PORT UPSTREAM."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import orjson
import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import StreamingResponse


def application(upstream: str) -> FastAPI:
    """Reads the JSON, sends it on, answers with what comes."""
    client = httpx.AsyncClient(base_url=upstream, limits=httpx.Limits(max_connections=256), trust_env=False)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await client.aclose()

    app = FastAPI(lifespan=lifespan)

    @app.post("/v1/chat/completions")
    async def chat(request: Request) -> Response:
        body = orjson.loads(await request.body())
        sending = client.build_request("POST", "/chat/completions", content=orjson.dumps(body))
        answer = await client.send(sending, stream=True)
        if body.get("stream"):
            return StreamingResponse(answer.aiter_raw(), media_type="text/event-stream")
        return Response(await answer.aread(), answer.status_code, media_type="application/json")

    @app.get("/health/ready")
    async def ready() -> dict[str, bool]:
        return {"ready": True}

    return app


if __name__ == "__main__":
    uvicorn.run(application(sys.argv[2]), port=int(sys.argv[1]), log_level="error", access_log=False)
