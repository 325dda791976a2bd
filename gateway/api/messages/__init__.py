"""`POST /v1/messages`: Anthropic's Messages API over the same pipeline as chat completions.

`request.py` writes a request as a chat completion's (`fields.py` checks its plain fields, `content.py` translates the
conversation, `tools.py` the tools), and `places.py` remembers where each part came from, so that errors name
Anthropic's fields. `answer.py` and `events.py` write the answer back, whole and streamed, `error_answer.py` what went
wrong.
`routes.py` has the paths.
"""
