"""gunicorn reads this file by itself where it is started in this folder."""

import gc

# By default it lies under HOME, where a second instance of the same user would take it over.
control_socket_disable = True

# A request that waits for SQLite's write lock must not keep the next one waiting: with
# workers that serve one at a time, two writers that wait stop the whole application.
worker_class = "gthread"
threads = 4

# What a worker has accepted it must finish when it is stopped. The rest waits in the queue of
# the socket, where a deployment lets it wait: a worker that took a thousand took seconds.
worker_connections = 32

# The application is imported once, before the workers are forked, and not by each of them while
# visitors wait.
preload_app = True


def pre_fork(server, worker):
    """What the application loaded stays out of garbage collection in the workers.

    They share its memory with each other for longer, and end in half of the time: at its end
    Python looks through all objects several times, while a deployment's visitors wait.
    """
    gc.freeze()
