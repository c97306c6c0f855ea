"""A task that sends a message, and the one that its documentation starts jobs again with whose worker was killed."""

import os

import requests
from procrastinate import App, PsycopgConnector, RetryStrategy

CLIENTS = int(os.environ["CLIENTS"])
app = App(connector=PsycopgConnector(conninfo=os.environ["DATABASE"], min_size=4, max_size=CLIENTS))
session = requests.Session()


@app.task(retry=RetryStrategy(max_attempts=100, wait=1))
def send(phone, text):
    session.post(os.environ["SINK"], json={"to": phone, "text": text}, timeout=30).raise_for_status()


@app.periodic(cron="* * * * * */5")
@app.task(queueing_lock="retry_stalled_jobs", pass_context=True)
async def retry_stalled_jobs(_context, timestamp):
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=30):
        await app.job_manager.retry_job(job)
