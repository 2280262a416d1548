"""The pages: Gradio over FastAPI. Calls services, draws results, decides nothing."""
