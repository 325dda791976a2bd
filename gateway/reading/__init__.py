"""Where texts are read: on a thread of the gateway, or in processes of their own (`redaction.processes`).

Of one Python process one thread runs at a time: a gateway that reads in its own process uses one processor, however
many there are, for all but the name model.
"""

from gateway.reading import tasks
from gateway.reading.reader import Reader, start_processes
from gateway.reading.reading_process import ReadingProcess, ReadingStopped

__all__ = ["Reader", "ReadingProcess", "ReadingStopped", "start_processes", "tasks"]
