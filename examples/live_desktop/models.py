"""Who plays the model: a script that needs no network, or any server of chat completions."""

from __future__ import annotations

import asyncio
import json
import urllib.request
from collections.abc import Sequence
from typing import Any, Protocol

Message = dict[str, Any]
"""A message of the chat-completions API, JSON as it travels."""

ANSWER_TIMEOUT_S = 120


class Model(Protocol):
    """Gives the next message of a conversation."""

    async def ask(self, messages: Sequence[Message], tools: Sequence[Message]) -> Message:
        """Give the assistant's message: text, or calls of tools."""
        ...


class ChatModel:
    """A model behind a chat-completions API, reached by `POST URL/chat/completions`."""

    def __init__(self, url: str, *, key: str, name: str) -> None:
        """Take note of where it is; the key goes into a header of the request and nowhere else.

        Raises:
            ValueError: The address is no http one.
        """
        if not url.startswith(("http://", "https://")):
            raise ValueError("the address of a model begins with http:// or https://")
        self._url = f"{url.rstrip('/')}/chat/completions"
        self._key = key
        self._name = name

    async def ask(self, messages: Sequence[Message], tools: Sequence[Message]) -> Message:
        """Ask the server; it may take `ANSWER_TIMEOUT_S` seconds."""
        body = {"model": self._name, "messages": list(messages), "tools": list(tools)}
        return await asyncio.to_thread(self._post, json.dumps(body).encode())

    def _post(self, body: bytes) -> Message:
        headers = {"content-type": "application/json", "authorization": f"Bearer {self._key}"}
        request = urllib.request.Request(self._url, data=body, headers=headers)
        with urllib.request.urlopen(request, timeout=ANSWER_TIMEOUT_S) as response:
            answer: Message = json.load(response)
        message: Message = answer["choices"][0]["message"]
        return message


class Script:
    """Plays a model that looks for a function, reads its definition, writes a snippet and tells its result."""

    def __init__(self, *, query: str, name: str, code: str) -> None:
        """Take the steps.

        Args:
            query: What is looked for.
            name: The function whose definition is read.
            code: The snippet.
        """
        self._calls = [
            ("list_python_definitions", {"query": query}),
            ("get_python_definitions", {"names": [name]}),
            ("execute_python_code", {"code": code}),
        ]

    async def ask(self, messages: Sequence[Message], tools: Sequence[Message]) -> Message:
        """Give the next step; the last one is the first line of what the snippet gave."""
        done = sum(message["role"] == "tool" for message in messages)
        if done == len(self._calls):
            return {"role": "assistant", "content": str(messages[-1]["content"]).splitlines()[0]}
        name, arguments = self._calls[done]
        assert name in [tool["function"]["name"] for tool in tools]
        function = {"name": name, "arguments": json.dumps(arguments)}
        call = {"id": f"call-{done}", "type": "function", "function": function}
        return {"role": "assistant", "content": None, "tool_calls": [call]}
