using System.Runtime.InteropServices;

namespace EdgeShelf.Capture.V4l2;

/// <summary>
/// The part of `linux/videodev2.h` that is needed to take a picture. It is used instead of Iot.Device.Media, which waits for a frame
/// without a time limit, copies whole buffers and writes about 17 controls before each picture.
/// </summary>
static class V4l2Abi
{
    public const uint QueryCapability = 0x80685600;
    public const uint EnumerateFormats = 0xC0405602;
    public const uint GetFormat = 0xC0D05604;
    public const uint SetFormat = 0xC0D05605;
    public const uint RequestBuffers = 0xC0145608;
    public const uint QueryBuffer = 0xC0585609;
    public const uint QueueBuffer = 0xC058560F;
    public const uint DequeueBuffer = 0xC0585611;
    public const uint StreamOn = 0x40045612;
    public const uint StreamOff = 0x40045613;

    public const uint CanCapture = 0x1;
    public const uint CanCopyMemory = 0x8000;
    public const uint CanStream = 0x0400_0000;
    public const uint HasDeviceCapabilities = 0x8000_0000;

    public const int CaptureType = 1;
    public const uint MemoryMapped = 1;
    public const uint AnyField = 0;

    /// <summary>The data of this buffer may be damaged.</summary>
    public const uint ErrorFlag = 0x40;

    public const uint Mjpeg = 0x47504A4D;
    public const uint Jpeg = 0x4745504A;
    public const uint Yuyv = 0x56595559;
    public const uint Nv12 = 0x3231564E;

    public const uint ColorspaceRec709 = 3;
    public const uint ColorspaceJpeg = 7;
    public const uint EncodingDefault = 0;
    public const uint EncodingBt709 = 2;
    public const uint QuantizationFull = 1;
    public const uint QuantizationDefault = 0;

    /// <summary>`struct v4l2_capability`.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 104)]
    public unsafe struct Capability
    {
        /// <summary>The name of the driver, in UTF-8 with a NUL behind it.</summary>
        [FieldOffset(0)] public fixed byte Driver[16];

        /// <summary>The name of the device, in UTF-8 with a NUL behind it.</summary>
        [FieldOffset(16)] public fixed byte Card[32];

        /// <summary>The capabilities of the whole device.</summary>
        [FieldOffset(84)] public uint Capabilities;

        /// <summary>The capabilities of this node.</summary>
        [FieldOffset(88)] public uint DeviceCapabilities;
    }

    /// <summary>`struct v4l2_fmtdesc`.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 64)]
    public struct FormatDescription
    {
        [FieldOffset(0)] public uint Index;
        [FieldOffset(4)] public int Type;
        [FieldOffset(44)] public uint PixelFormat;
    }

    /// <summary>`struct v4l2_format` with a `struct v4l2_pix_format` in it.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 208)]
    public struct Format
    {
        [FieldOffset(0)] public int Type;
        [FieldOffset(8)] public uint Width;
        [FieldOffset(12)] public uint Height;
        [FieldOffset(16)] public uint PixelFormat;
        [FieldOffset(20)] public uint Field;
        [FieldOffset(24)] public uint BytesPerLine;
        [FieldOffset(28)] public uint SizeImage;
        [FieldOffset(32)] public uint Colorspace;
        [FieldOffset(44)] public uint YcbcrEncoding;
        [FieldOffset(48)] public uint Quantization;
    }

    /// <summary>`struct v4l2_requestbuffers`.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 20)]
    public struct BufferRequest
    {
        [FieldOffset(0)] public uint Count;
        [FieldOffset(4)] public int Type;
        [FieldOffset(8)] public uint Memory;
    }

    /// <summary>`struct v4l2_buffer`.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 88)]
    public struct Buffer
    {
        [FieldOffset(0)] public uint Index;
        [FieldOffset(4)] public int Type;
        [FieldOffset(8)] public uint BytesUsed;
        [FieldOffset(12)] public uint Flags;
        [FieldOffset(60)] public uint Memory;
        [FieldOffset(64)] public uint Offset;
        [FieldOffset(72)] public uint Length;
    }
}
