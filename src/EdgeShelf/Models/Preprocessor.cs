using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EdgeShelf.Pictures;
using EdgeShelf.Shelf;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace EdgeShelf.Models;

/// <summary>
/// Converts a picture to the network's input, as torchvision's `Resize`, `CenterCrop`, `ToTensor` and `Normalize` do on a PIL image.
/// The crop is separate from the normalization, so that people can view the network's input.
/// </summary>
sealed class Preprocessor
{
    const int Channels = 3;

    readonly ModelInput _input;
    readonly float[][] _normalized;
    readonly byte[][] _codes;

    public Preprocessor(ModelInput input)
    {
        _input = input;
        _normalized = [.. Enumerable.Range(0, Channels).Select(channel => Enumerable.Range(0, 256)
            .Select(level => (float)((level / 255.0 - input.Mean[channel]) / input.Std[channel])).ToArray())];
        // A zero point in the borders then represents a normalized zero exactly, as in training.
        _codes = input.Type == "uint8"
            ? [.. _normalized.Select(values => values.Select(value => QuantizedCode(value, input.Scale, input.ZeroPoint)).ToArray())]
            : [];
    }

    /// <summary>Number of bytes in one crop: side x side x 3, RGB interleaved.</summary>
    public int CropLength => _input.Crop * _input.Crop * Channels;

    /// <summary>Resizes the shorter side and cuts out the centre.</summary>
    /// <param name="rgb">Receives <see cref="CropLength"/> bytes.</param>
    public void Crop(Picture picture, Span<byte> rgb)
    {
        (long width, long height) = picture.FullSize;
        // torchvision truncates the longer side and rounds the crop's offset half to even.
        long resizedWidth = width <= height ? _input.Resize : _input.Resize * width / height;
        long resizedHeight = width <= height ? _input.Resize * height / width : _input.Resize;
        PilResampler.Resize(picture, Centred(resizedWidth), Centred(resizedHeight), rgb);
    }

    /// <summary>
    /// Cuts out a region and resizes it to the crop's square, whatever its own proportions, as `image.crop(box).resize((side, side))` of PIL
    /// does. No pixel outside of the region counts. A region of a picture that was decoded at a reduced scale differs in detail only.
    /// </summary>
    /// <param name="rgb">Receives <see cref="CropLength"/> bytes.</param>
    public void CropRegion(Picture picture, Region region, Span<byte> rgb) =>
        PilResampler.ResizeBox(picture, PixelBox.Of(region, picture.FullSize), _input.Crop, rgb);

    /// <summary>Converts consecutive crops to one NCHW tensor of the network's input type. The caller disposes of the tensor.</summary>
    public OrtValue ToTensor(ReadOnlySpan<byte> crops)
    {
        int count = crops.Length / CropLength;
        TensorElementType type = _codes.Length > 0 ? TensorElementType.UInt8 : TensorElementType.Float;
        OrtValue tensor = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, type, [count, Channels, _input.Crop, _input.Crop]);
        for (int crop = 0; crop < count; crop++)
        {
            ReadOnlySpan<byte> rgb = crops.Slice(crop * CropLength, CropLength);
            if (type == TensorElementType.UInt8)
                Spread(rgb, _codes, tensor.GetTensorMutableDataAsSpan<byte>().Slice(crop * CropLength, CropLength));
            else
                Spread(rgb, _normalized, tensor.GetTensorMutableDataAsSpan<float>().Slice(crop * CropLength, CropLength));
        }
        return tensor;
    }

    PilResampler.Axis Centred(long resized) =>
        new(resized, (long)Math.Round((resized - _input.Crop) / 2.0, MidpointRounding.ToEven), _input.Crop);

    static byte QuantizedCode(double value, double scale, int zeroPoint) =>
        (byte)Math.Clamp(Math.Round(value / scale, MidpointRounding.ToEven) + zeroPoint, 0, 255);

    // A device takes one picture a minute, so this must be fast before tiered compilation optimizes it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Spread<T>(ReadOnlySpan<byte> rgb, T[][] tables, Span<T> tensor)
    {
        int area = rgb.Length / Channels;
        ArgumentOutOfRangeException.ThrowIfLessThan(tensor.Length, area * Channels);
        // Each table has an entry for each of 256 levels.
        ref T reds = ref MemoryMarshal.GetArrayDataReference(tables[0]);
        ref T greens = ref MemoryMarshal.GetArrayDataReference(tables[1]);
        ref T blues = ref MemoryMarshal.GetArrayDataReference(tables[2]);
        ref byte pixel = ref MemoryMarshal.GetReference(rgb);
        ref T plane = ref MemoryMarshal.GetReference(tensor);
        for (nint at = 0; at < area; at++)
        {
            Unsafe.Add(ref plane, at) = Unsafe.Add(ref reds, (nint)pixel);
            Unsafe.Add(ref plane, at + area) = Unsafe.Add(ref greens, (nint)Unsafe.Add(ref pixel, 1));
            Unsafe.Add(ref plane, at + area * 2) = Unsafe.Add(ref blues, (nint)Unsafe.Add(ref pixel, 2));
            pixel = ref Unsafe.Add(ref pixel, Channels);
        }
    }
}
