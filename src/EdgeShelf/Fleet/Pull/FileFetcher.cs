using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using EdgeShelf.Fleet.Documents;
using EdgeShelf.Platform;

namespace EdgeShelf.Fleet.Pull;

/// <summary>
/// Downloads one file by HTTP, with bounds of time, size and free space. A file that is there in part is continued, also after a restart;
/// what it holds is checked by its hash afterwards, by the caller.
/// </summary>
sealed class FileFetcher(FleetOptions options, TimeProvider clock) : IDisposable
{
    public const int MaxRedirects = 5;

    /// <summary>The longest time that a server may ask a device to wait.</summary>
    public static readonly TimeSpan MaxRetryAfter = TimeSpan.FromHours(24);

    const int BufferBytes = 128 << 10;

    readonly HttpClient _client = new(GuardedConnection.Handler(options))
    {
        // Each step has a limit of its own.
        Timeout = Timeout.InfiniteTimeSpan,
        DefaultRequestHeaders = { UserAgent = { new ProductInfoHeaderValue("edgeshelf", ProgramVersion.Text) } },
    };

    /// <param name="path">The file, which may exist in part.</param>
    /// <param name="maxBytes">The size that the file may have at most.</param>
    /// <param name="size">The size that it must have, or null if it is not known.</param>
    /// <exception cref="FetchException">It did not succeed this time.</exception>
    /// <exception cref="FleetException">It cannot succeed: the address is not allowed, it leads in a circle, or the size is wrong.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public async Task FetchAsync(string url, string path, long maxBytes, long? size, CancellationToken cancellationToken)
    {
        long there = LengthOf(path);
        if (there == size)
            return;
        if (there > maxBytes)
            File.Delete(path);
        DiskRoom.Require(Path.GetDirectoryName(path)!, Math.Max(0, (size ?? maxBytes) - there), options.MinFreeBytes);
        using CancellationTokenSource whole = new(options.DownloadTimeout, clock);
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(whole.Token, cancellationToken);
        StrongBox<bool> hasBegun = new();
        // A server without ranges begins at the first byte each time.
        bool IsStalled() => hasBegun.Value && LengthOf(path) <= there;
        try
        {
            await FetchWithinAsync(new Uri(url), path, maxBytes, size, hasBegun, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Failed(url, whole.IsCancellationRequested ? $"it did not end within {options.DownloadTimeout}" : $"nothing came for {options.ReadTimeout.TotalSeconds:0} s", isStalled: IsStalled());
        }
        catch (FetchException cut) when (!cut.IsStalled && IsStalled())
        {
            throw new FetchException(cut.Code, cut.Message, cut.Hint, cut.RetryAfter, cut, isStalled: true);
        }
        catch (Exception problem) when (problem is HttpRequestException or HttpIOException or System.Net.Sockets.SocketException)
        {
            if (Cause<FleetException>(problem) is { } refused)
                throw refused;
            throw Failed(url, Cause<System.Net.Sockets.SocketException>(problem)?.Message ?? problem.Message, inner: problem);
        }
    }

    public void Dispose() => _client.Dispose();

    async Task FetchWithinAsync(Uri address, string path, long maxBytes, long? size, StrongBox<bool> hasBegun, CancellationToken cancellationToken)
    {
        for (int hop = 0; hop <= MaxRedirects; hop++)
        {
            if (DesiredReader.ProblemOfAddress(address.OriginalString) is { } problem)
                throw new FleetException(FleetProblem.BadAddress, $"The address {problem}.", "Let the server redirect to a plain address with http:// or https://.");
            long from = LengthOf(path);
            using HttpRequestMessage request = new(HttpMethod.Get, address);
            request.Headers.AcceptEncoding.ParseAdd("identity");
            if (from > 0)
                request.Headers.Range = new RangeHeaderValue(from, null);
            using HttpResponseMessage response = await WithinAsync(token => _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token), cancellationToken);
            if (RedirectOf(response, address) is { } next)
            {
                if (address.Scheme == Uri.UriSchemeHttps && next.Scheme == Uri.UriSchemeHttp)
                    throw new FleetException(FleetProblem.BadAddress, $"{address.Host} redirects from https to http.", "Let the server redirect to an address with https://.");
                address = next;
                continue;
            }
            if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable && from > 0)
            {
                // The part on disk belongs to another file, or the file is whole and its size was not known.
                if (size is null && response.Content.Headers.ContentRange?.Length == from)
                    return;
                File.Delete(path);
                throw Failed(address.OriginalString, "the server has a shorter file than the part that is here; it is downloaded anew");
            }
            if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.PartialContent))
                throw Failed(address.OriginalString, $"the server answers {(int)response.StatusCode} {response.ReasonPhrase}", RetryAfterOf(response));
            bool continues = response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From == from;
            if (response.StatusCode == HttpStatusCode.PartialContent && !continues)
                throw Failed(address.OriginalString, "the server sent another part than it was asked for");
            hasBegun.Value = true;
            await SaveAsync(response, path, continues ? from : 0, maxBytes, size, address, cancellationToken);
            return;
        }
        throw new FleetException(FleetProblem.BadAddress, $"The address redirects more than {MaxRedirects} times.", "Give the address of the file itself.");
    }

    async Task SaveAsync(HttpResponseMessage response, string path, long from, long maxBytes, long? size, Uri address, CancellationToken cancellationToken)
    {
        long limit = size ?? maxBytes;
        if (response.Content.Headers.ContentLength is { } announced && (from + announced > limit || (size is not null && from + announced < size)))
            throw WrongSize(path, from + announced, size, maxBytes);
        await using Stream body = await WithinAsync(response.Content.ReadAsStreamAsync, cancellationToken);
        await using FileStream file = new(path, from > 0 ? FileMode.Open : FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        file.Position = from;
        byte[] buffer = new byte[BufferBytes];
        while (await ReadAsync(body, buffer, address, cancellationToken) is > 0 and var read)
        {
            if (file.Position + read > limit)
            {
                file.SetLength(0);
                throw WrongSize(path, file.Position + read, size, maxBytes);
            }
            await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }
        file.Flush(flushToDisk: true);
        if (file.Position < (size ?? 0))
            throw Failed(address.OriginalString, $"the connection ended after {file.Position} of {size} bytes");
    }

    /// <summary>Reads from the connection. What it throws differs from what a full disk throws, which is not the server's fault.</summary>
    async Task<int> ReadAsync(Stream body, byte[] buffer, Uri address, CancellationToken cancellationToken)
    {
        try
        {
            return await WithinAsync(token => body.ReadAsync(buffer, token).AsTask(), cancellationToken);
        }
        catch (IOException cut)
        {
            throw Failed(address.OriginalString, cut.Message, inner: cut);
        }
    }

    /// <summary>Waits for one step no longer than a read may take.</summary>
    async Task<T> WithinAsync<T>(Func<CancellationToken, Task<T>> step, CancellationToken cancellationToken)
    {
        using CancellationTokenSource silent = new(options.ReadTimeout, clock);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(silent.Token, cancellationToken);
        return await step(either.Token);
    }

    static Uri? RedirectOf(HttpResponseMessage response, Uri address) =>
        response.StatusCode is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect
        && response.Headers.Location is { } location ? new Uri(address, location) : null;

    TimeSpan? RetryAfterOf(HttpResponseMessage response) =>
        (response.Headers.RetryAfter?.Delta ?? (response.Headers.RetryAfter?.Date - clock.GetUtcNow())) is { } wait && wait > TimeSpan.Zero
            ? wait < MaxRetryAfter ? wait : MaxRetryAfter
            : null;

    static long LengthOf(string path) => File.Exists(path) ? new FileInfo(path).Length : 0;

    static FetchException Failed(string url, string why, TimeSpan? retryAfter = null, Exception? inner = null, bool isStalled = false) => new(
        FleetProblem.DownloadFailed, $"{PlainText.Shown(url)} could not be downloaded: {why.TrimEnd('.')}.", "The download is tried again and continues where it ended.", retryAfter, inner, isStalled);

    static FleetException WrongSize(string path, long found, long? size, long maxBytes)
    {
        File.Delete(path);
        return new FleetException(
            FleetProblem.WrongSize, size is null ? $"The file has {found} bytes or more; at most {maxBytes} are allowed." : $"The file has {found} bytes; the document says {size}.",
            "Send a new document with the size of the file, as `edgeshelf fleet sign` prints it.");
    }

    static T? Cause<T>(Exception problem) where T : Exception
    {
        for (Exception? cause = problem; cause is not null; cause = cause.InnerException)
        {
            if (cause is T found)
                return found;
        }
        return null;
    }
}
