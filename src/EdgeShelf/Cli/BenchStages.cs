using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using EdgeShelf.Models;
using EdgeShelf.Pictures;
using EdgeShelf.Pictures.Jpeg;
using EdgeShelf.Recognition;
using EdgeShelf.Shelf;

namespace EdgeShelf.Cli;

/// <summary>Runs all that the service does with one picture, and measures each part of it.</summary>
/// <param name="models">A model that does not change.</param>
/// <param name="frame">The picture.</param>
sealed class BenchStages(ActiveModel models, Frame frame)
{
    readonly ShelfClassifier _classifier = new(models);

    /// <summary>Whether the picture is a JPEG, which is read for damage before it is decoded.</summary>
    public bool HasCheck { get; } = frame.Bytes.Span is [0xFF, ..];

    /// <summary>Classifies the picture as the service does, and then repeats the parts that the classifier does not time.</summary>
    public BenchRun Run()
    {
        // A new frame, because a frame keeps its hash.
        Frame fresh = new(frame.Bytes, frame.Source, frame.Name, frame.CapturedAt, TimeSpan.Zero);
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        long started = Stopwatch.GetTimestamp();
        ShelfResult result = _classifier.Classify(fresh);
        TimeSpan whole = Stopwatch.GetElapsedTime(started);
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;

        using ModelLease lease = models.Rent();
        int side = lease.Model.Manifest.Input.Crop;
        using Picture picture = PictureDecoder.Decode(frame);
        byte[] crop = new byte[lease.Model.Preprocessor.CropLength];
        lease.Model.Preprocessor.Crop(picture, crop);
        TimeSpan signature = Time(() => _ = new FrameSignature(crop, side));
        return new BenchRun(
            result.Image,
            Time(() => _ = new Frame(frame.Bytes, frame.Source, frame.Name, frame.CapturedAt, TimeSpan.Zero).Sha256),
            HasCheck ? Time(() => JpegCheck.Check(frame.Bytes.Span)) : TimeSpan.Zero,
            result.Timings.Decode, result.Timings.Preprocess,
            Time(() => _ = PictureQuality.Of(crop, side)), signature, result.Timings.Inference, whole + signature,
            Time(() => _ = Thumbnail.CopiesOf(frame, picture)), allocated);
    }

    /// <summary>
    /// The SHA-256 of what the pixels were made into: the crop, the figures of its quality and its signature. It is the same on all processors, which
    /// each have their own vector instructions for it.
    /// </summary>
    public string PixelsSha256()
    {
        using ModelLease lease = models.Rent();
        int side = lease.Model.Manifest.Input.Crop;
        using Picture picture = PictureDecoder.Decode(frame);
        byte[] crop = new byte[lease.Model.Preprocessor.CropLength];
        lease.Model.Preprocessor.Crop(picture, crop);
        PictureQuality quality = PictureQuality.Of(crop, side);
        ReadOnlySpan<double> figures = [quality.Mean, quality.Deviation, quality.Clipped, quality.Sharpness];
        return Convert.ToHexStringLower(SHA256.HashData([.. crop, .. MemoryMarshal.AsBytes(figures), .. MemoryMarshal.AsBytes(new FrameSignature(crop, side).Means)]));
    }

    static TimeSpan Time(Action part)
    {
        long started = Stopwatch.GetTimestamp();
        part();
        return Stopwatch.GetElapsedTime(started);
    }
}

/// <summary>How long the parts of one picture took.</summary>
/// <param name="Hash">The SHA-256 of the file.</param>
/// <param name="Check">Reading the JPEG for damage, which is a part of <paramref name="Decode"/>.</param>
/// <param name="Preprocess">The resize to the crop, and the crop's conversion to the network's input.</param>
/// <param name="Signature">The comparison of the crop with the last one needs this.</param>
/// <param name="Total">Everything from the file's bytes to the answer.</param>
/// <param name="Thumbnail">The copies for the page and for `…/image`; not a part of <paramref name="Total"/>.</param>
/// <param name="AllocatedBytes">Managed memory that the classifier allocated.</param>
readonly record struct BenchRun(
    ImageInfo Image, TimeSpan Hash, TimeSpan Check, TimeSpan Decode, TimeSpan Preprocess, TimeSpan Quality, TimeSpan Signature, TimeSpan Inference,
    TimeSpan Total, TimeSpan Thumbnail, long AllocatedBytes);
