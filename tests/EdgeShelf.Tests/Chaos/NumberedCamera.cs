using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Security.Cryptography;
using EdgeShelf.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace EdgeShelf.Tests.Chaos;

/// <summary>What the camera does with a request.</summary>
enum CameraMood
{
    Works,

    /// <summary>It answers 503.</summary>
    Out,

    /// <summary>It answers 200 and then gives not one byte of a picture.</summary>
    Stuck,

    /// <summary>It resets the connection after half of the picture.</summary>
    Resets,
}

/// <summary>A network camera whose pictures are all different, and that remembers each it gave whole.</summary>
sealed class NumberedCamera : IAsyncDisposable
{
    readonly WebApplication _app;
    readonly byte[] _picture = PicturesOf.Scene(160, 120);
    readonly ConcurrentDictionary<string, bool> _gave = new();
    volatile CameraMood _mood;
    long _next;

    NumberedCamera(WebApplication app) => _app = app;

    public Uri Address => new(LoopbackServer.AddressOf(_app), "/snapshot.jpg");

    public CameraMood Mood
    {
        get => _mood;
        set => _mood = value;
    }

    public bool Gave(string sha256) => _gave.ContainsKey(sha256);

    public static async Task<NumberedCamera> StartAsync()
    {
        WebApplication app = LoopbackServer.Build();
        NumberedCamera camera = new(app);
        app.MapGet("/snapshot.jpg", camera.AnswerAsync);
        await app.StartAsync();
        return camera;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    /// <summary>A picture that no other is like.</summary>
    public byte[] NextPicture() => [.. _picture, .. BitConverter.GetBytes(Interlocked.Increment(ref _next))];

    async Task AnswerAsync(HttpContext http)
    {
        CameraMood mood = _mood;
        if (mood == CameraMood.Out)
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }
        // Bytes after the end of a JPEG are no part of the picture, and make each file another.
        byte[] file = NextPicture();
        http.Response.ContentType = "image/jpeg";
        http.Response.ContentLength = file.Length;
        if (mood == CameraMood.Stuck)
        {
            await http.Response.StartAsync(http.RequestAborted);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }
        if (mood == CameraMood.Resets)
        {
            await http.Response.Body.WriteAsync(file.AsMemory(0, file.Length / 2), http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
            // A reset overtakes what the other end has not read yet.
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, http.RequestAborted);
            http.Features.Get<IConnectionSocketFeature>()!.Socket.LingerState = new LingerOption(true, 0);
            http.Abort();
            return;
        }
        _gave[Convert.ToHexStringLower(SHA256.HashData(file))] = true;
        await http.Response.Body.WriteAsync(file, http.RequestAborted);
    }
}
