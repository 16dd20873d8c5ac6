using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using EdgeShelf.Tests.Support;
using EdgeShelf.Web;

namespace EdgeShelf.Tests.Web;

/// <summary>Clients that are broken or mean: each is turned away, and the next one is served as if nothing had been.</summary>
public sealed class HostileClientTests
{
    const int Seed = 20261125;
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AClientThatNeverEndsItsHeadersIsHungUpOn()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        using TcpClient client = await ConnectAsync(shelf);
        await SendAsync(client, "POST /predict HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");

        // Kestrel's limit for headers is ten seconds.
        string answer = await ReadToEndAsync(client.GetStream());

        Assert.True(answer.Length == 0 || answer.StartsWith("HTTP/1.1 408", StringComparison.Ordinal), answer);
        await AssertServesAsync(shelf);
    }

    [Fact]
    public async Task AnEndlessChunkedBodyIsCutOffAtTheLimit()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        using TcpClient client = await ConnectAsync(shelf);
        await SendAsync(client, "POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/jpeg\r\nTransfer-Encoding: chunked\r\n\r\n");
        byte[] chunk = [.. Encoding.ASCII.GetBytes("100000\r\n"), .. new byte[0x100000], (byte)'\r', (byte)'\n'];
        long sent = 0;
        const long Gigabyte = 1L << 30;

        try
        {
            for (; sent < Gigabyte; sent += 0x100000)
                await client.GetStream().WriteAsync(chunk, Cancellation);
        }
        catch (IOException)
        {
            // It hung up, as it should.
        }

        Assert.InRange(sent, 9L << 20, 200L << 20);
        await AssertServesAsync(shelf);
    }

    [Theory]
    [InlineData("a length that is a lie", "POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/jpeg\r\nContent-Length: 100\r\n\r\nshort")]
    [InlineData("two lengths", "POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/jpeg\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nshort")]
    [InlineData("a negative length", "POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/jpeg\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("a form without an end", "POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=B\r\nContent-Length: 61\r\n\r\n--B\r\nContent-Disposition: form-data; name=\"image\"\r\n\r\nno end at")]
    [InlineData("a form without a boundary", "POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data\r\nContent-Length: 4\r\n\r\n--\r\n")]
    [InlineData("a header of 100 kB", "GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: {100000}\r\n\r\n")]
    [InlineData("a line of 100 kB", "GET /{100000} HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("a NUL in the path", "GET /api/products/%00 HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("no HTTP", "\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n")]
    public async Task ARequestThatIsWrongIsAnsweredWithAnErrorOrHungUpOn(string what, string request)
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        using TcpClient client = await ConnectAsync(shelf);
        await SendAsync(client, request.Replace("{100000}", new string('x', 100_000), StringComparison.Ordinal));
        NetworkStream stream = client.GetStream();
        client.Client.Shutdown(SocketShutdown.Send);

        string answer = await ReadToEndAsync(stream);

        Assert.True(answer.Length == 0 || answer.StartsWith("HTTP/1.1 4", StringComparison.Ordinal), $"{what}: {answer}");
        await AssertServesAsync(shelf);
    }

    [Fact]
    public async Task FiveHundredConnectionsKeepNobodyOutForLong()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        List<TcpClient> clients = [];
        try
        {
            for (int i = 0; i < 500; i++)
            {
                TcpClient client = await ConnectAsync(shelf);
                clients.Add(client);
            }
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
        await AssertServesAsync(shelf);
    }

    [Fact]
    public async Task OneHostThatHoldsAllItsConnectionsKeepsNoOtherOut()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        List<TcpClient> idle = [];
        try
        {
            for (int i = 0; i < 150; i++)
                idle.Add(await ConnectAsync(shelf, "127.0.0.3"));
            // Those too many are closed; the others stay.
            await Wait.UntilAsync(() => idle.Count(IsClosed) == 150 - ConnectionLimit.PerLoopbackAddress);

            Assert.Equal("200", await StatusAsync(shelf, "127.0.0.2", "/healthz"));
        }
        finally
        {
            idle.ForEach(client => client.Dispose());
        }
        // A connection that has ended makes room for the next one of its address.
        await Wait.UntilAsync(() => StatusAsync(shelf, "127.0.0.3", "/healthz").GetAwaiter().GetResult() == "200");
    }

    /// <summary>1,000 bytes a second are more than Kestrel asks for, and would keep a permit for 30 seconds.</summary>
    [Fact]
    public async Task AnUploadThatTricklesIsGivenUpAndOneHostCannotTakeAllPermits()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        List<TcpClient> slow = [];
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        for (int i = 0; i < PredictRoutes.MaxUploads; i++)
        {
            TcpClient client = await ConnectAsync(shelf, "127.0.0.3");
            slow.Add(client);
            await SendAsync(client, "POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/jpeg\r\nContent-Length: 1000000\r\n\r\n");
        }
        Task trickle = TrickleAsync(slow, end.Token);

        using HttpResponseMessage other = await shelf.PredictAsync(PicturesOf.Scene(64, 64));
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        await Wait.UntilAsync(() => slow.TrueForAll(IsAnswered), TimeSpan.FromSeconds(20), "each was answered or hung up on");
        await end.CancelAsync();
        await trickle;
        slow.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task AnEventReaderThatDoesNotReadIsHungUpOnAndOneHostCannotTakeAllPlaces()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        List<TcpClient> silent = [];
        for (int i = 0; i < 20; i++)
        {
            TcpClient client = new(new IPEndPoint(IPAddress.Parse("127.0.0.3"), 0)) { ReceiveBufferSize = 4096 };
            await client.ConnectAsync(IPAddress.Loopback, shelf.Address.Port, Cancellation);
            silent.Add(client);
            await SendAsync(client, "GET /api/state/stream HTTP/1.1\r\nHost: localhost\r\n\r\n");
        }
        using HttpResponseMessage other = await shelf.Http.GetAsync("/api/state/stream", HttpCompletionOption.ResponseHeadersRead, Cancellation);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        using Stream events = await other.Content.ReadAsStreamAsync(Cancellation);
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task reading = ReadOnAsync(events, end.Token);

        // A shelf with much going on: each change is an event.
        await Wait.UntilAsync(() =>
        {
            shelf.Status.Touch();
            return StatusAsync(shelf, "127.0.0.3", "/api/state/stream").GetAwaiter().GetResult() == "200";
        }, TimeSpan.FromSeconds(60), "a place became free");

        Assert.False(reading.IsCompleted);
        await end.CancelAsync();
        await reading;
        silent.ForEach(client => client.Dispose());
    }

    [Theory]
    [InlineData("/../../../../etc/passwd")]
    [InlineData("/%2e%2e/%2e%2e/etc/passwd")]
    [InlineData("/api/results/../../../etc/passwd/thumbnail.jpg")]
    [InlineData("/api/results/..%2f..%2fetc%2fpasswd/thumbnail.jpg")]
    [InlineData("/api/results?after=../../etc/passwd")]
    [InlineData("/api/results/-1/thumbnail.jpg")]
    [InlineData("/api/results/99999999999999999999/thumbnail.jpg")]
    [InlineData("/app.js/../../appsettings.json")]
    public async Task NoPathOrParameterLeadsOutOfThePage(string path)
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        using TcpClient client = await ConnectAsync(shelf);
        await SendAsync(client, $"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        string answer = await ReadToEndAsync(client.GetStream());

        Assert.Matches("^HTTP/1.1 4[0-9][0-9] ", answer);
        Assert.DoesNotContain("root:", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TenThousandMutatedPicturesAreEachAnsweredAndLeaveNothingBehind()
    {
        // A process of its own: other tests run in this one, and their memory comes and goes.
        using TemporaryFolder folder = new();
        int port = FreePort.Next();
        using EdgeShelfProcess service = EdgeShelfProcess.Start(
            folder.File("state"), "run", "--set", $"Capture:Folder:Path={folder.Path}", "--set", "Capture:Interval=0", "--set", $"Models:Name={TinyModel.Name}", "--set", $"Models:Trained={TinyModel.WriteTo(folder.File("models"))}",
            "--set", "Publish:Broker=mqtt://127.0.0.1:1", "--set", $"Web:Port={port}", "--set", "Vision:CacheEntries=0", "--set", "Log:ToFile=false");
        using HttpClient http = new() { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        await Wait.UntilAsync(() => service.Output.Contains("The page is at", StringComparison.Ordinal), TimeSpan.FromMinutes(1), "the page");
        Random random = new(Seed);
        byte[][] originals = [PicturesOf.Scene(48, 36), PicturesOf.Scene(40, 40, format: SkiaSharp.SKEncodedImageFormat.Png), PicturesOf.Plain(SkiaSharp.SKColors.Green, 16, 16)];
        Dictionary<HttpStatusCode, int> answers = [];
        long before = 0;
        const int Pictures = 10_000, Settled = 2_000;
        for (int i = 0; i < Pictures; i++)
        {
            if (i == Settled)
                before = ProcessMemory.Anonymous(service.Id);
            using ByteArrayContent body = new(Mutated(originals[i % originals.Length], random));
            body.Headers.ContentType = new(i % originals.Length == 1 ? "image/png" : "image/jpeg");
            using HttpResponseMessage response = await http.PostAsync("/predict", body, Cancellation);
            answers[response.StatusCode] = answers.GetValueOrDefault(response.StatusCode) + 1;
        }
        long grown = ProcessMemory.Anonymous(service.Id) - before;

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.UnprocessableEntity], answers.Keys.Order());
        Assert.True(answers.Values.All(count => count > 100), string.Join(", ", answers));
        Assert.True(grown < 60_000, string.Create(CultureInfo.InvariantCulture, $"{grown} kB more after {Pictures - Settled} pictures"));
        Assert.Equal(0, service.Terminate());
    }

    static byte[] Mutated(byte[] original, Random random)
    {
        byte[] picture = [.. original];
        switch (random.Next(4))
        {
            case 0:
                return picture[..random.Next(1, picture.Length)];
            case 1:
                int from = random.Next(picture.Length), length = Math.Min(random.Next(1, 64), picture.Length - from);
                random.NextBytes(picture.AsSpan(from, length));
                return picture;
            case 2:
                int at = random.Next(picture.Length);
                return [.. picture[..at], .. picture[random.Next(picture.Length)..], .. picture[at..]];
            default:
                for (int flips = random.Next(1, 8); flips > 0; flips--)
                    picture[random.Next(picture.Length)] ^= (byte)(1 << random.Next(8));
                return picture;
        }
    }

    static async Task TrickleAsync(List<TcpClient> clients, CancellationToken end)
    {
        byte[] some = new byte[100];
        while (!end.IsCancellationRequested)
        {
            foreach (TcpClient client in clients.Where(client => !IsAnswered(client)))
            {
                try
                {
                    await client.GetStream().WriteAsync(some, end);
                }
                catch (Exception over) when (over is IOException or OperationCanceledException)
                {
                    // Hung up on, or the test is over.
                }
            }
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    static async Task ReadOnAsync(Stream stream, CancellationToken end)
    {
        byte[] buffer = new byte[64 << 10];
        try
        {
            while (await stream.ReadAsync(buffer, end) > 0)
            {
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The test is over.
        }
    }

    /// <summary>Something to read: an answer, or the connection's end.</summary>
    static bool IsAnswered(TcpClient client) => client.Client.Poll(0, SelectMode.SelectRead);

    static bool IsClosed(TcpClient client) => client.Client.Poll(0, SelectMode.SelectRead) && client.Client.Available == 0;

    /// <returns>The status, or null when the connection was closed.</returns>
    static async Task<string?> StatusAsync(ShelfOnTheWeb shelf, string from, string path)
    {
        using TcpClient client = await ConnectAsync(shelf, from);
        try
        {
            await SendAsync(client, $"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");
            using StreamReader answer = new(client.GetStream(), Encoding.Latin1);
            return (await answer.ReadLineAsync(Cancellation))?.Split(' ')[1];
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <param name="from">Another loopback address stands for another host.</param>
    static async Task<TcpClient> ConnectAsync(ShelfOnTheWeb shelf, string from = "127.0.0.1")
    {
        TcpClient client = new(new IPEndPoint(IPAddress.Parse(from), 0));
        await client.ConnectAsync(IPAddress.Loopback, shelf.Address.Port, Cancellation);
        return client;
    }

    static async Task SendAsync(TcpClient client, string text) => await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(text), Cancellation);

    static async Task<string> ReadToEndAsync(NetworkStream stream)
    {
        try
        {
            using StreamReader reader = new(stream, Encoding.Latin1);
            return await reader.ReadToEndAsync(Cancellation).WaitAsync(Patience, Cancellation);
        }
        catch (IOException)
        {
            // Reset: hung up on.
            return "";
        }
    }

    /// <summary>The next, well-behaved client gets its answer.</summary>
    static async Task AssertServesAsync(ShelfOnTheWeb shelf) => await Wait.UntilAsync(() =>
    {
        try
        {
            return shelf.PredictAsync(PicturesOf.Scene(64, 64)).GetAwaiter().GetResult().StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    });
}
