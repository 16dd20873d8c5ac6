using System.Diagnostics;

namespace EdgeShelf.Tests.Support;

/// <summary>A file system of a few megabytes, to be filled.</summary>
sealed class SmallVolume : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public string Path => _folder.Path;

    /// <summary>Skips the test where mounting is not allowed.</summary>
    public static SmallVolume Mount(int megabytes)
    {
        SmallVolume? volume = TryMount(megabytes);
        Assert.SkipUnless(volume is not null, "mount of a tmpfs is not allowed here (root is needed).");
        return volume;
    }

    public static SmallVolume? TryMount(int megabytes)
    {
        SmallVolume volume = new();
        if (Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", volume.Path) == 0)
            return volume;
        volume._folder.Dispose();
        return null;
    }

    /// <summary>Until not one more byte fits.</summary>
    public void Fill()
    {
        // Unbuffered: a buffer that does not fit would be written once more on close, and fail there.
        using FileStream file = new(System.IO.Path.Combine(Path, "filler"), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (int size = 65536; size > 0; size /= 2)
        {
            try
            {
                while (true)
                    file.Write(new byte[size]);
            }
            catch (IOException)
            {
                // Full for this size; a smaller piece may fit.
            }
        }
    }

    public void Free() => File.Delete(System.IO.Path.Combine(Path, "filler"));

    public void Dispose()
    {
        Run("umount", "-l", Path);
        _folder.Dispose();
    }

    static int Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
