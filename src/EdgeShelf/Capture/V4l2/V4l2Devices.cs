using System.Text;
using EdgeShelf.Platform;
using Microsoft.Win32.SafeHandles;

namespace EdgeShelf.Capture.V4l2;

/// <summary>A video device that can take pictures in a format that EdgeShelf reads.</summary>
/// <param name="Path">The path of the device node: the one under /dev/v4l/by-id if there is one, because it stays the same.</param>
/// <param name="Name">The name that the driver gives the device.</param>
sealed record V4l2Device(string Path, string Name);

/// <summary>Lists the video devices of this machine that are cameras.</summary>
/// <param name="probe">Returns the name of the camera behind a node, or null if it is not one. Throws <see cref="IOException"/> if the node cannot be opened.</param>
/// <param name="root">The folder of device nodes; tests use another one.</param>
sealed class V4l2Devices(Func<string, string?> probe, string root = "/dev")
{
    /// <summary>
    /// Drivers whose nodes capture and yet are not cameras: converters and codecs of a Raspberry Pi, and its camera ports, which give raw data
    /// that only libcamera can develop.
    /// </summary>
    static readonly string[] NoCameras = ["bcm2835-codec", "bcm2835-codec-decode", "bcm2835-isp", "bcm2835-unicam", "unicam", "pispbe", "rp1-cfe", "rpivid", "rpi-hevc-dec"];

    public static V4l2Devices OfThisMachine { get; } = new(NameOfCamera);

    /// <summary>Opens each node once. A driver can block, so call this on a thread of its own.</summary>
    /// <param name="problem">Why a node could not be opened, or null.</param>
    public IReadOnlyList<V4l2Device> List(out string? problem)
    {
        problem = null;
        List<V4l2Device> found = [];
        HashSet<string> seen = [];
        foreach (string path in Nodes(Path.Combine(root, "v4l/by-id"), "*").Concat(Nodes(root, "video*")))
        {
            try
            {
                // A name in by-id is a link to a node, which is then listed a second time under its number.
                if (seen.Add(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path) && probe(path) is { } name)
                    found.Add(new V4l2Device(path, name));
            }
            catch (IOException refused)
            {
                problem = refused.Message;
            }
        }
        return found;
    }

    static IEnumerable<string> Nodes(string folder, string pattern) =>
        Directory.Exists(folder) ? Directory.GetFileSystemEntries(folder, pattern).OrderBy(path => path.Length).ThenBy(path => path, StringComparer.Ordinal) : [];

    static unsafe string? NameOfCamera(string path)
    {
        using SafeFileHandle device = Posix.Open(path, Posix.ReadWrite | Posix.NonBlocking | Posix.CloseOnExec);
        V4l2Abi.Capability capability = default;
        if (Posix.TryControl(device, V4l2Abi.QueryCapability, ref capability) != 0)
            return null;
        uint can = (capability.Capabilities & V4l2Abi.HasDeviceCapabilities) != 0 ? capability.DeviceCapabilities : capability.Capabilities;
        bool captures = (can & V4l2Abi.CanCapture) != 0 && (can & V4l2Abi.CanStream) != 0 && (can & V4l2Abi.CanCopyMemory) == 0;
        return captures && !NoCameras.Contains(Text(capability.Driver, 16)) && HasReadableFormat(device) ? Text(capability.Card, 32) : null;
    }

    static bool HasReadableFormat(SafeFileHandle device)
    {
        for (uint index = 0; ; index++)
        {
            V4l2Abi.FormatDescription format = new() { Index = index, Type = V4l2Abi.CaptureType };
            if (Posix.TryControl(device, V4l2Abi.EnumerateFormats, ref format) != 0)
                return false;
            if (format.PixelFormat == V4l2Abi.Jpeg || V4l2Format.Codes.Values.Contains(format.PixelFormat))
                return true;
        }
    }

    static unsafe string Text(byte* bytes, int length)
    {
        ReadOnlySpan<byte> text = new(bytes, length);
        int end = text.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? text : text[..end]);
    }
}
