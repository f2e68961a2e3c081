"""gunicorn reads this file by itself where it is started in this folder."""

# By default it lies under HOME, where a second instance of the same user would take it over.
control_socket_disable = True
