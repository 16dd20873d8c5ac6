using EdgeShelf.Shelf;

namespace EdgeShelf.Capture.V4l2;

/// <summary>The format that a driver chose, and the resulting layout of a frame's bytes.</summary>
static class V4l2Format
{
    /// <summary>The values of `Capture:V4l2:Format`; `auto` tries the others in this order.</summary>
    public static IReadOnlyDictionary<string, uint> Codes { get; } = new Dictionary<string, uint>
    {
        ["mjpeg"] = V4l2Abi.Mjpeg,
        ["yuyv"] = V4l2Abi.Yuyv,
        ["nv12"] = V4l2Abi.Nv12,
    };

    public const string Auto = "auto";

    /// <summary>The layout of a raw frame, or null if frames are encoded.</summary>
    public static RawLayout? LayoutOf(in V4l2Abi.Format format)
    {
        if (format.PixelFormat is V4l2Abi.Mjpeg or V4l2Abi.Jpeg)
            return null;
        RawPixels pixels = format.PixelFormat == V4l2Abi.Nv12 ? RawPixels.Nv12 : RawPixels.Yuyv;
        // videodev2.h: V4L2_MAP_YCBCR_ENC_DEFAULT and V4L2_MAP_QUANTIZATION_DEFAULT.
        bool bt709 = format.YcbcrEncoding == V4l2Abi.EncodingBt709
            || (format.YcbcrEncoding == V4l2Abi.EncodingDefault && format.Colorspace == V4l2Abi.ColorspaceRec709);
        bool full = format.Quantization == V4l2Abi.QuantizationFull
            || (format.Quantization == V4l2Abi.QuantizationDefault && format.Colorspace == V4l2Abi.ColorspaceJpeg);
        int least = pixels == RawPixels.Yuyv ? (int)format.Width * 2 : (int)format.Width;
        return new RawLayout(pixels, (int)format.Width, (int)format.Height, Math.Max((int)format.BytesPerLine, least), bt709, full);
    }

    /// <summary>Returns the four characters of a format code, for messages.</summary>
    public static string Name(uint code) => string.Concat(Enumerable.Range(0, 4).Select(i => (char)((code >> (8 * i)) & 0x7F)));
}
