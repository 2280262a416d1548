"""Which models are of one family: a judge favours texts like its own."""

from __future__ import annotations

import re

# Families by what stands in a model's name, wherever it is served from.
_FAMILIES = (
    ("openai", r"gpt|chatgpt|davinci|(?<![a-z0-9])o[1-9](?![a-z0-9])"),
    ("anthropic", r"claude"),
    ("google", r"gemini|gemma|palm"),
    ("meta", r"llama(?!\.cpp)"),
    ("mistral", r"mistral|mixtral|ministral|magistral|codestral|pixtral"),
    ("qwen", r"qwen|qwq"),
    ("deepseek", r"deepseek"),
    ("microsoft", r"(?<![a-z])phi-?\d"),
    ("cohere", r"command-?(?:r|a|light)|cohere|(?<![a-z])aya"),
    ("xai", r"grok"),
    ("amazon", r"titan|(?<![a-z])nova-"),
    ("moonshot", r"kimi"),
    ("zhipu", r"(?<![a-z])glm-?\d|chatglm"),
)
# Whoever only serves models of others tells nothing about their maker.
_HOSTS = frozenset(
    {"ollama", "groq", "together", "fireworks", "openrouter", "huggingface", "bedrock", "bedrock_converse"}
)
_MAKERS = {
    "azure_openai": "openai",
    "google_genai": "google",
    "google_vertexai": "google",
    "mistralai": "mistral",
}


def families(model: str) -> frozenset[str]:
    """The makers whose models a name speaks of: of "ollama:deepseek-r1-distill-llama" two.

    A name that tells nothing counts as its provider's, unless that only serves the models of others, and as
    a family of its own first word: rather refuse a stranger than trust a brother.

    Args:
        model: "provider:model"; empty gives no family.
    """
    provider, _, name = model.casefold().partition(":")
    found = {family for family, pattern in _FAMILIES if re.search(pattern, name)}
    if found or not model:
        return frozenset(found)
    word = re.match(r"[a-z]+", name.rpartition("/")[2])
    maker = set() if provider in _HOSTS else {_MAKERS.get(provider, provider)}
    return frozenset(maker | ({word[0]} if word else set()))
