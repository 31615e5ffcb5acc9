"""The client's window.

Owns nothing itself: presenters decide and are pure, windows draw and decide nothing, the connector has the threads.
Nothing below may import it. Pure: importing it loads no toolkit.
"""
