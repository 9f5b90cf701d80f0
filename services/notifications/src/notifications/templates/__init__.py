"""What people read: wordings in Russian and English, by kind and version (N-10)."""
