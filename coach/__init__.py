"""A coach that asks: reflections in, a mirror and open questions out."""

__version__ = "0.1.0"
