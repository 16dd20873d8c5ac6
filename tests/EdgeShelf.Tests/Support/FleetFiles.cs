using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace EdgeShelf.Tests.Support;

/// <summary>A file server on loopback: real HTTP with ranges, and a page for each way in which a server can go wrong.</summary>
sealed class FleetFiles : IAsyncDisposable
{
    readonly WebApplication _app = LoopbackServer.Build();
    readonly ConcurrentDictionary<string, RequestDelegate> _pages = [];
    readonly ConcurrentQueue<(string Path, string? Range)> _asked = [];

    FleetFiles() => _app.Run(http =>
    {
        _asked.Enqueue((http.Request.Path, http.Request.Headers.Range.FirstOrDefault()));
        return _pages.TryGetValue(http.Request.Path, out RequestDelegate? page) ? page(http) : Results.NotFound().ExecuteAsync(http);
    });

    /// <summary>The requests so far, with their ranges.</summary>
    public IReadOnlyList<(string Path, string? Range)> Asked => [.. _asked];

    public static async Task<FleetFiles> StartAsync()
    {
        FleetFiles files = new();
        await files._app.StartAsync(TestContext.Current.CancellationToken);
        return files;
    }

    public string UrlOf(string path) => new Uri(LoopbackServer.AddressOf(_app), path).AbsoluteUri;

    /// <returns>The address of the page.</returns>
    public string Answer(string path, RequestDelegate page)
    {
        _pages[path] = page;
        return UrlOf(path);
    }

    /// <summary>A file with ranges, as any file server has it.</summary>
    public string Serve(string path, byte[] content) => Answer(path, http => Results.Bytes(content, enableRangeProcessing: true).ExecuteAsync(http));

    /// <summary>The first request gets a part of the file, and then nothing more comes until the client gives up or the connection is cut.</summary>
    public string StopAt(string path, byte[] content, int bytes, bool cut)
    {
        int requests = 0;
        return Answer(path, async http =>
        {
            if (Interlocked.Increment(ref requests) > 1)
            {
                await Results.Bytes(content, enableRangeProcessing: true).ExecuteAsync(http);
                return;
            }
            http.Response.ContentLength = content.Length;
            await http.Response.Body.WriteAsync(content.AsMemory(0, bytes), http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
            if (cut)
                http.Abort();
            else
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
