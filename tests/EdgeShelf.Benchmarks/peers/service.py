#!/usr/bin/python3
"""A Flask service that EdgeShelf is compared with: POST /predict with a picture in the form's field `image`, top three as JSON.

  service.py ENGINE PORT THREADS MODEL_FOLDER NETWORKS_FOLDER

ENGINE is torch (PyTorch and torchvision, FP32), torch-frozen (the same as frozen TorchScript), torch-int8 (PyTorch's own quantization), opencv
(OpenCV's DNN, FP32), ncnn (ncnn with its default options) or ncnn-int8. MODEL_FOLDER has EdgeShelf's manifest.json and labels.csv, NETWORKS_FOLDER
what float_network.py, torch_network.py and ncnn_files.py wrote, and libncnn.so. The header Server-Timing of an answer tells the time of the network
alone. waitress serves it, as Flask's manual advises for production.
"""
import csv
import json
import os
import sys
import threading
import time

import flask
import numpy
import waitress

# As many as clients in the benchmark, so that pictures are decoded while the network works.
SERVER_THREADS = 4


def torch_engine(kind, threads, model_folder, networks_folder):
    """Returns two functions: bytes to input, and input to logits."""
    import io

    import torch
    import torch_network
    from PIL import Image

    torch.set_num_threads(threads)
    prepare = torch_network.preprocessing(model_folder)

    def preprocess(data):
        return prepare(Image.open(io.BytesIO(data)).convert("RGB"))[None]

    if kind == "torch-int8":
        torch_network.choose_engine()
        net = torch.jit.load(os.path.join(networks_folder, "network-int8.pt"))
    else:
        net = torch_network.load(os.path.join(networks_folder, "network.pt"))
        if kind == "torch-frozen":
            net = torch_network.freeze(net, torch.zeros(1, 3, *[prepare.transforms[1].size[0]] * 2))

    def infer(picture):
        with torch.inference_mode():
            return net(picture)[0].numpy()

    return preprocess, infer


def opencv_preprocessing(threads, model_folder):
    """Returns a function from bytes to input."""
    import cv2

    cv2.setNumThreads(threads)
    with open(os.path.join(model_folder, "manifest.json"), encoding="utf-8") as file:
        options = json.load(file)["input"]
    mean, std = (numpy.array(options[key], numpy.float32) * 255 for key in ("mean", "std"))
    crop = options["crop"]

    def preprocess(data):
        picture = cv2.imdecode(numpy.frombuffer(data, numpy.uint8), cv2.IMREAD_COLOR)
        height, width = picture.shape[:2]
        scale = options["resize"] / min(height, width)
        # INTER_AREA averages as PIL does. INTER_LINEAR leaves out pixels, which costs accuracy.
        picture = cv2.resize(picture, (int(width * scale + 1e-6), int(height * scale + 1e-6)), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
        top, left = (picture.shape[0] - crop) // 2, (picture.shape[1] - crop) // 2
        picture = cv2.cvtColor(picture[top:top + crop, left:left + crop], cv2.COLOR_BGR2RGB)
        return numpy.ascontiguousarray(((picture - mean) / std).transpose(2, 0, 1)[None])

    return preprocess


def opencv_engine(threads, model_folder, networks_folder):
    """Returns two functions: bytes to input, and input to logits."""
    import cv2

    preprocess = opencv_preprocessing(threads, model_folder)
    net = cv2.dnn.readNetFromONNX(os.path.join(networks_folder, "network.onnx"))
    gate = threading.Lock()

    def infer(picture):
        with gate:  # a cv2.dnn network keeps its input
            net.setInput(picture)
            return net.forward("logits")[0]

    return preprocess, infer


def ncnn_engine(kind, threads, model_folder, networks_folder):
    """Returns two functions: bytes to input, and input to logits. OpenCV decodes, because ncnn does not."""
    import ncnn_network

    path = os.path.join(networks_folder, "network-int8.ncnn" if kind == "ncnn-int8" else "network.ncnn")
    return opencv_preprocessing(threads, model_folder), ncnn_network.load(os.path.join(networks_folder, "libncnn.so"), path, threads)


def main():
    """Serves until the process is ended."""
    if len(sys.argv) != 6:
        raise SystemExit(__doc__)
    kind, port, threads, model_folder, networks_folder = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4], sys.argv[5]
    with open(os.path.join(model_folder, "labels.csv"), encoding="utf-8", newline="") as file:
        labels = [row["label"] for row in csv.DictReader(file)]
    with open(os.path.join(model_folder, "manifest.json"), encoding="utf-8") as file:
        temperature = json.load(file)["temperature"]
    if kind == "opencv":
        preprocess, infer = opencv_engine(threads, model_folder, networks_folder)
    elif kind.startswith("ncnn"):
        preprocess, infer = ncnn_engine(kind, threads, model_folder, networks_folder)
    else:
        preprocess, infer = torch_engine(kind, threads, model_folder, networks_folder)

    app = flask.Flask(__name__)

    @app.post("/predict")
    def predict():
        picture = preprocess(flask.request.files["image"].read())
        started = time.perf_counter()
        logits = infer(picture)
        took = (time.perf_counter() - started) * 1000
        confidences = numpy.exp((logits - logits.max()) / temperature)
        confidences /= confidences.sum()
        best = numpy.argsort(-confidences)[:3]
        answer = flask.jsonify(top=[{"label": labels[index], "confidence": round(float(confidences[index]), 4)} for index in best])
        answer.headers["Server-Timing"] = f"inference;dur={took:.2f}"
        return answer

    waitress.serve(app, host="127.0.0.1", port=port, threads=SERVER_THREADS)


if __name__ == "__main__":
    main()
