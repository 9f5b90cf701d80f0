"""One-time codes and links: asked for, sent by the worker, redeemed once (I-2, I-3)."""
