"""Networks as ONNX graphs: a converter for each layer."""
