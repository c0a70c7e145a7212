"""
The hand-made function's way of calling, as it is published many times: a boto3 session and client for each event. Prints CPU
milliseconds per request.
"""
import json
import sys
import time

import boto3

requests, endpoint = int(sys.argv[1]), sys.argv[2]
image = b"\xff\xd8\xff\xe0" + b"image" * 10_000


def handle():
    client = boto3.Session().client("sagemaker-runtime", endpoint_url=endpoint, region_name="us-east-1")
    response = client.invoke_endpoint(
        EndpointName="e", ContentType="image/jpeg", Accept="application/json", Body=image
    )
    return json.dumps(json.loads(response["Body"].read().decode("utf-8")))


handle()
cpu, wall = time.process_time(), time.perf_counter()
for _ in range(requests):
    handle()
print(
    "@@"
    + json.dumps(
        {
            "cpuMs": (time.process_time() - cpu) * 1000 / requests,
            "wallMs": (time.perf_counter() - wall) * 1000 / requests,
            "boto3": boto3.__version__,
            "python": sys.version.split()[0],
        }
    )
)
