using System.Threading.Channels;
using EdgeShelf.Capture.Programs;

namespace EdgeShelf.Capture.Cameras;

/// <summary>
/// A running program that writes MJPEG to standard output. A thread reads it continuously and keeps the newest complete picture, so
/// that a capture always gets the camera's latest picture.
/// </summary>
sealed class MjpegStream : IAsyncDisposable
{
    readonly ChildProcess _child;
    readonly TimeProvider _clock;
    readonly Channel<Newest> _newest = Channel.CreateBounded<Newest>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
    readonly Task _reading;

    /// <param name="warmUpFrames">The number of pictures to skip while exposure and white balance settle.</param>
    /// <param name="before">The previous stream, which must have released the camera.</param>
    public MjpegStream(string program, IEnumerable<string> arguments, int warmUpFrames, TimeProvider clock, MjpegStream? before = null)
    {
        _clock = clock;
        _child = ChildProcess.Start(program, arguments, clock, before?._child);
        _reading = Task.Factory.StartNew(() => Read(warmUpFrames), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>The program's last output to standard error.</summary>
    public string LastWords => _child.LastWords;

    /// <summary>Returns the newest picture that was not returned yet and is not older than this. If there is none, waits for the next one.</summary>
    /// <exception cref="CaptureException">The program ended, or its output is not MJPEG.</exception>
    public async Task<byte[]> NextAsync(TimeSpan maxAge, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                Newest newest = await _newest.Reader.ReadAsync(cancellationToken);
                if (_clock.GetElapsedTime(newest.Arrived) <= maxAge)
                    return newest.Picture;
            }
        }
        catch (ChannelClosedException ended) when (ended.InnerException is CaptureException notMjpeg)
        {
            throw new CaptureException(notMjpeg.Code, notMjpeg.Message, notMjpeg.Hint, ended);
        }
        catch (ChannelClosedException ended)
        {
            throw await EndOfProgramAsync(ended, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _child.DisposeAsync();
        // The thread ends when the pipe closes. A process that keeps the pipe open after its tree has ended cannot be found; it then costs a thread, not the camera.
        await Task.WhenAny(_reading, Task.Delay(TimeSpan.FromSeconds(1), _clock));
    }

    async Task<CaptureException> EndOfProgramAsync(Exception ended, CancellationToken cancellationToken)
    {
        int exitCode = await _child.WaitForExitAsync(cancellationToken);
        await _child.EndAsync();
        return new CaptureException("camera-failed", $"The camera program ended with {exitCode}{Words.Quoted(_child.LastWords)}", "Run the program manually as this user; another program may hold the camera.", ended);
    }

    void Read(int warmUpFrames)
    {
        JpegSplitter splitter = new();
        byte[] buffer = new byte[64 * 1024];
        try
        {
            for (int count; (count = _child.Output.Read(buffer)) > 0;)
            {
                foreach (byte[] picture in splitter.Append(buffer.AsSpan(0, count)))
                {
                    if (warmUpFrames-- <= 0)
                        _newest.Writer.TryWrite(new Newest(picture, _clock.GetTimestamp()));
                }
            }
            _newest.Writer.Complete();
        }
        catch (Exception broken) when (broken is CaptureException or IOException or ObjectDisposedException)
        {
            _newest.Writer.Complete(broken is CaptureException ? broken : null);
        }
    }

    readonly record struct Newest(byte[] Picture, long Arrived);
}
