"""Mail: what is written, how it is queued without showing its content, and how it leaves the house."""
