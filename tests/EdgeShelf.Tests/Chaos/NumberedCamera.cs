using System.Collections.Concurrent;
using System.Security.Cryptography;
using EdgeShelf.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace EdgeShelf.Tests.Chaos;

/// <summary>A network camera whose pictures are all different, and that remembers each it gave.</summary>
sealed class NumberedCamera : IAsyncDisposable
{
    readonly WebApplication _app;
    readonly byte[] _picture = PicturesOf.Scene(160, 120);
    readonly ConcurrentDictionary<string, long> _numberOf = new();
    long _next;

    NumberedCamera(WebApplication app) => _app = app;

    public Uri Address => new(LoopbackServer.AddressOf(_app), "/snapshot.jpg");

    /// <summary>Answers 503 while it is set.</summary>
    public bool IsOut { get; set; }

    public bool Gave(string sha256) => _numberOf.ContainsKey(sha256);

    public static async Task<NumberedCamera> StartAsync()
    {
        WebApplication app = LoopbackServer.Build();
        NumberedCamera camera = new(app);
        app.MapGet("/snapshot.jpg", camera.Answer);
        await app.StartAsync();
        return camera;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    IResult Answer()
    {
        if (IsOut)
            return TypedResults.StatusCode(StatusCodes.Status503ServiceUnavailable);
        long number = Interlocked.Increment(ref _next);
        // Bytes after the end of a JPEG are no part of the picture, and make each file another.
        byte[] file = [.. _picture, .. BitConverter.GetBytes(number)];
        _numberOf[Convert.ToHexStringLower(SHA256.HashData(file))] = number;
        return TypedResults.Bytes(file, "image/jpeg");
    }
}
