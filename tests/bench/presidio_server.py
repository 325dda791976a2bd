"""Presidio's analyzer or anonymizer over HTTP, the calls that LiteLLM makes: presidio_server.py WHICH PORT [MODEL]

Runs in the peers' own environment. Plain ASGI on uvicorn in place of the images' Flask, which favours the peer; the
analyzer has Presidio's own recognisers and, without MODEL, a blank spaCy pipeline, so patterns only.
"""

import json
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import uvicorn

Handle = Callable[[dict[str, Any]], Any]


def analyze(model: str | None) -> Handle:
    """`POST /analyze`."""
    import spacy
    import tldextract
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.nlp_engine import SpacyNlpEngine
    from presidio_analyzer.predefined_recognizers import UkNinoRecognizer

    tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
    nlp = SpacyNlpEngine(models=[{"lang_code": "en", "model_name": model or "en"}])
    if model is None:
        nlp.nlp = {"en": spacy.blank("en")}
    else:
        nlp.load()
    registry = RecognizerRegistry()
    registry.load_predefined_recognizers(nlp_engine=nlp, languages=["en"])
    registry.add_recognizer(UkNinoRecognizer())
    engine = AnalyzerEngine(registry=registry, nlp_engine=nlp, supported_languages=["en"])

    def handle(body: dict[str, Any]) -> Any:
        found = engine.analyze(
            text=body["text"],
            language=body["language"],
            entities=body.get("entities"),
            score_threshold=body.get("score_threshold"),
        )
        return [
            {name: value for name, value in one.to_dict().items() if name != "recognition_metadata"}
            for one in found
        ]

    return handle


def anonymize() -> Handle:
    """`POST /anonymize`."""
    from presidio_anonymizer import AnonymizerEngine
    from presidio_anonymizer.services.app_entities_convertor import AppEntitiesConvertor

    engine = AnonymizerEngine()

    def handle(body: dict[str, Any]) -> Any:
        operators = AppEntitiesConvertor.operators_config_from_json(body.get("anonymizers"))
        found = AppEntitiesConvertor.analyzer_results_from_json(body.get("analyzer_results"))
        done = engine.anonymize(text=body.get("text", ""), analyzer_results=found, operators=operators)
        return json.loads(done.to_json())

    return handle


def application(handle: Handle) -> Callable[..., Awaitable[None]]:
    """One path, one handler."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            while True:
                message = await receive()
                await send({"type": f"{message['type']}.complete"})
                if message["type"] == "lifespan.shutdown":
                    return
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        answer = json.dumps(handle(json.loads(body)) if body else {"ready": True}).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(answer)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": answer})

    return app


if __name__ == "__main__":
    which, port, *model = sys.argv[1:]
    served = application(analyze(model[0] if model else None) if which == "analyzer" else anonymize())
    uvicorn.run(served, port=int(port), log_level="error", access_log=False, loop="uvloop", http="httptools")
