"""Gradio's theme: every token points at the variables of static/paper.css, so that both themes, light
and dark, are said once and the Gradio page and our own pages cannot drift apart."""

from __future__ import annotations

from inspect import signature

import gradio as gr

_SANS = (
    "-apple-system",
    "BlinkMacSystemFont",
    "Segoe UI",
    "Roboto",
    "Liberation Sans",
    "Arial",
    "sans-serif",
)

# token -> variable; a token with a dark twin gets the same one, the variable itself turns dark
_TOKENS = {
    "body_background_fill": "var(--paper)",
    "body_text_color": "var(--ink)",
    "body_text_color_subdued": "var(--quiet)",
    "background_fill_primary": "var(--paper)",
    "background_fill_secondary": "var(--paper)",
    "block_background_fill": "transparent",
    "block_border_color": "transparent",
    "block_label_background_fill": "transparent",
    "block_label_text_color": "var(--ink)",
    "block_title_background_fill": "transparent",
    "block_title_text_color": "var(--ink)",
    "border_color_primary": "var(--line)",
    "border_color_accent": "var(--accent)",
    "button_primary_background_fill": "var(--accent)",
    "button_primary_background_fill_hover": "var(--accent-strong)",
    "button_primary_border_color": "var(--accent)",
    "button_primary_text_color": "var(--on-accent)",
    "input_background_fill": "var(--sheet)",
    "input_background_fill_focus": "var(--sheet)",
    "input_background_fill_hover": "var(--sheet)",
    "input_border_color": "var(--edge)",
    "input_border_color_focus": "var(--accent)",
    "input_border_color_hover": "var(--edge)",
    "input_placeholder_color": "var(--quiet)",
    "link_text_color": "var(--accent)",
    "link_text_color_active": "var(--accent)",
    "link_text_color_hover": "var(--accent-strong)",
    "link_text_color_visited": "var(--accent)",
    "loader_color": "var(--accent)",
}
_PLAIN = {
    "block_border_width": "0px",
    "block_padding": "0px",
    "block_radius": "0px",
    "block_shadow": "none",
    "button_large_padding": "0.7rem 1.4rem",
    "button_large_radius": "0.35rem",
    "button_large_text_size": "1rem",
    "button_large_text_weight": "600",
    "button_primary_shadow": "none",
    "button_transform_active": "none",
    "button_transform_hover": "none",
    "form_gap_width": "0px",
    "input_padding": "1rem 1.15rem",
    "input_radius": "0.35rem",
    "input_shadow": "none",
    "input_shadow_focus": "none",
    "layout_gap": "1rem",
}


def notebook_theme() -> gr.themes.Base:
    """Paper and ink, with no font fetched from anywhere."""
    theme = gr.themes.Base(font=list(_SANS), font_mono=["ui-monospace", "monospace"])
    known = signature(gr.themes.Base.set).parameters
    dark = {f"{token}_dark": value for token, value in _TOKENS.items() if f"{token}_dark" in known}
    theme.set(**_TOKENS, **dark, **_PLAIN)
    return theme
