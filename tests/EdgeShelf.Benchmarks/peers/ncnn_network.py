#!/usr/bin/python3
"""EdgeShelf's network in ncnn, through ncnn's C interface. ctypes lets other threads of Python work during each call.

  ncnn_network.py MODEL_FOLDER NETWORKS_FOLDER PICTURE...      compares the logits with those of the FP32 network in OpenCV
"""
import ctypes
import os
import sys

import numpy

POINTER, TEXT, NUMBER = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int

# Result and parameters of the functions of ncnn's c_api.h that are called here.
FUNCTIONS = {
    "ncnn_net_create": (POINTER,),
    "ncnn_net_get_option": (POINTER, POINTER),
    "ncnn_net_load_param": (NUMBER, POINTER, TEXT),
    "ncnn_net_load_model": (NUMBER, POINTER, TEXT),
    "ncnn_option_set_num_threads": (None, POINTER, NUMBER),
    "ncnn_extractor_create": (POINTER, POINTER),
    "ncnn_extractor_input": (NUMBER, POINTER, TEXT, POINTER),
    "ncnn_extractor_extract": (NUMBER, POINTER, TEXT, ctypes.POINTER(POINTER)),
    "ncnn_extractor_destroy": (None, POINTER),
    "ncnn_mat_create_external_3d": (POINTER, NUMBER, NUMBER, NUMBER, POINTER, POINTER),
    "ncnn_mat_get_w": (NUMBER, POINTER),
    "ncnn_mat_get_data": (POINTER, POINTER),
    "ncnn_mat_destroy": (None, POINTER),
}


def check(status, doing):
    """Raises an exception when one of ncnn's functions reports an error."""
    if status:
        raise RuntimeError(f"ncnn could not {doing} (status {status}); its own message stands above. Compare ncnn_files.py with the version of ncnn.")


def load(library, path, threads):
    """Returns a function from input, FP32 of shape 1 x 3 x side x side, to logits. Several threads may call it at once.

    library is the path of libncnn.so, and path that of the network's two files without .param and .bin. Other options are ncnn's defaults.
    """
    ncnn = ctypes.CDLL(library)
    for name, (result, *parameters) in FUNCTIONS.items():
        function = getattr(ncnn, name)
        function.restype, function.argtypes = result, parameters
    net = ncnn.ncnn_net_create()
    ncnn.ncnn_option_set_num_threads(ncnn.ncnn_net_get_option(net), threads)
    check(ncnn.ncnn_net_load_param(net, f"{path}.param".encode()), f"read {path}.param")
    check(ncnn.ncnn_net_load_model(net, f"{path}.bin".encode()), f"read {path}.bin")

    def infer(picture):
        channels, height, width = picture.shape[1:]
        # ncnn expects each channel at a multiple of 16 bytes, which is so for every even side.
        data = numpy.ascontiguousarray(picture, numpy.float32)
        given = ncnn.ncnn_mat_create_external_3d(width, height, channels, data.ctypes.data, None)
        extractor, logits = ncnn.ncnn_extractor_create(net), POINTER()
        try:
            check(ncnn.ncnn_extractor_input(extractor, b"input", given), "take the input")
            check(ncnn.ncnn_extractor_extract(extractor, b"logits", ctypes.byref(logits)), "run the network")
            count = ncnn.ncnn_mat_get_w(logits)
            return numpy.ctypeslib.as_array(ctypes.cast(ncnn.ncnn_mat_get_data(logits), ctypes.POINTER(ctypes.c_float)), (count,)).copy()
        finally:
            ncnn.ncnn_mat_destroy(logits)
            ncnn.ncnn_extractor_destroy(extractor)
            ncnn.ncnn_mat_destroy(given)

    return infer


def main():
    """Compares. Fails if the network that has no INT8 differs by more than the rounding to FP16, which ncnn does where the processor can."""
    import service

    if len(sys.argv) < 4:
        raise SystemExit(__doc__)
    model_folder, networks_folder, *pictures = sys.argv[1:]
    preprocess, expect = service.opencv_engine(1, model_folder, networks_folder)
    inputs = []
    for picture in pictures:
        with open(picture, "rb") as file:
            inputs.append(preprocess(file.read()))
    expected = numpy.stack([expect(picture) for picture in inputs])
    span = (expected.max(axis=1) - expected.min(axis=1)).mean()
    for kind, limit in ("ncnn", 0.01), ("ncnn-int8", 1):
        infer = service.ncnn_engine(kind, 1, model_folder, networks_folder)[1]
        logits = numpy.stack([infer(picture) for picture in inputs])
        same = int((logits.argmax(axis=1) == expected.argmax(axis=1)).sum())
        difference = numpy.abs(logits - expected)
        print(f"{kind}: logits differ from OpenCV's FP32 by {difference.mean():.4f} on average and {difference.max():.4f} at most, where the highest and "
              f"the lowest are {span:.1f} apart. The best label is the same on {same} of {len(pictures)} pictures.")
        if not difference.max() <= limit * span:
            raise SystemExit(f"{kind} is not the same network: its logits differ by more than {limit * span:.2f}. Compare ncnn_files.py with the version of ncnn.")


if __name__ == "__main__":
    main()
