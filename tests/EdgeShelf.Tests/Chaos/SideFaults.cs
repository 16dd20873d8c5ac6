using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Chaos;

/// <summary>
/// What goes wrong beside the results: state, pictures, announcements and answers at the broker, and the page with its uploads. None of it
/// may cost a result.
/// </summary>
static partial class SideFaults
{
    static readonly TimeSpan SeenWithin = TimeSpan.FromSeconds(10);
    static readonly TimeSpan SeenSoon = TimeSpan.FromSeconds(3);

    /// <summary>Parts of the topics, and whether the channel is used all the time or only at the begin of a connection.</summary>
    static readonly (string Topic, bool IsUsedAllTheTime)[] Channels =
        [("/state", true), ("/image", true), ("/availability", false), ("homeassistant/device", false), ("/response/", true), ("/request/", false)];

    public static IEnumerable<Fault> Of(ShelfUnderTest shelf, Random random)
    {
        // A connection on which the channel worked before: it is not left out, and breaks again and again.
        yield return new("a hang-up in a side channel that worked", stop => HangUpAsync(shelf, [.. Channels.Where(channel => channel.IsUsedAllTheTime)], random, atBegin: false));
        yield return new("a hang-up at the begin of a side channel", stop => HangUpAsync(shelf, Channels, random, atBegin: true), IsKept: true);
        yield return new("a side channel not allowed at the broker", async stop =>
        {
            const string Words = "The broker does not allow";
            int before = shelf.TimesSaid(Words);
            shelf.Deny(random.GetItems(["state", "availability", "response/#"], 1)[0]);
            shelf.Link.Cut();
            MosquittoPub.Publish(shelf.Broker, $"{ShelfUnderTest.Topics}/request/status", "");
            await Wait.TryUntilAsync(() => shelf.TimesSaid(Words) > before, SeenWithin);
            await Faults.PauseAsync(random, 0, 2, stop);
            shelf.Deny();
            return shelf.TimesSaid(Words) - before;
        }, IsKept: true);
        yield return new("uploads cut in mid-picture", async stop =>
        {
            long before = await UploadsAsync(shelf, stop);
            int sent = 0;
            for (int upload = 0; upload < 4; upload++)
                sent += await HalfAnUploadAsync(shelf, resets: random.Next(2) == 0, stop) ? 1 : 0;
            await Wait.TryUntilAsync(() => UploadsAsync(shelf, stop).GetAwaiter().GetResult() >= before + sent, SeenWithin);
            return await UploadsAsync(shelf, stop) - before;
        });
        yield return new("pages that stop to read and then hang up", async stop =>
        {
            List<Socket> pages = [];
            try
            {
                for (int page = 0; page < 5; page++)
                {
                    if (await PageAsync(shelf, stop) is { } listening)
                        pages.Add(listening);
                }
                await Faults.PauseAsync(random, 0, 3, stop);
                return pages.Count;
            }
            finally
            {
                pages.ForEach(Reset);
            }
        });
    }

    /// <summary>Arms one channel after the other until a packet of one went by: one that is left out sends none.</summary>
    static async Task<long> HangUpAsync(ShelfUnderTest shelf, (string Topic, bool IsUsedAllTheTime)[] channels, Random random, bool atBegin)
    {
        long before = shelf.Link.HangUps;
        foreach ((string topic, _) in channels.OrderBy(_ => random.Next()))
        {
            shelf.Link.HangsUpOn = topic;
            if (atBegin)
                shelf.Link.Cut();
            if (topic == "/response/")
                MosquittoPub.Publish(shelf.Broker, $"{ShelfUnderTest.Topics}/request/status", "");
            bool isSeen = await Wait.TryUntilAsync(() => shelf.Link.HangUps > before, SeenSoon);
            shelf.Link.HangsUpOn = null;
            if (isSeen)
                break;
        }
        return shelf.Link.HangUps - before;
    }

    /// <summary>Requests to /predict that the service has ended, in whatever way.</summary>
    static async Task<long> UploadsAsync(ShelfUnderTest shelf, CancellationToken stop)
    {
        using HttpClient http = new() { BaseAddress = shelf.Page, Timeout = SeenWithin };
        string metrics = "";
        await Wait.TryUntilAsync(() => TryGet(http, out metrics), SeenWithin);
        stop.ThrowIfCancellationRequested();
        return Uploads().Matches(metrics).Sum(line => (long)double.Parse(line.Groups["count"].Value, CultureInfo.InvariantCulture));
    }

    static bool TryGet(HttpClient http, out string metrics)
    {
        metrics = "";
        try
        {
            using HttpResponseMessage answer = http.Send(new HttpRequestMessage(HttpMethod.Get, "/metrics"));
            using StreamReader body = new(answer.Content.ReadAsStream());
            metrics = body.ReadToEnd();
            return true;
        }
        catch (Exception away) when (away is HttpRequestException or IOException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <returns>False when the page does not listen.</returns>
    static async Task<bool> HalfAnUploadAsync(ShelfUnderTest shelf, bool resets, CancellationToken stop)
    {
        byte[] picture = shelf.Camera.NextPicture();
        using Socket? upload = await TryConnectAsync(shelf, stop);
        if (upload is null)
            return false;
        try
        {
            await upload.SendAsync(Encoding.ASCII.GetBytes($"POST /predict HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: image/jpeg\r\nContent-Length: {picture.Length}\r\n\r\n"), stop);
            await upload.SendAsync(picture.AsMemory(0, picture.Length / 2), stop);
            if (resets)
            {
                // A reset overtakes what the other end has not read yet.
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, stop);
                Reset(upload);
            }
            else
            {
                upload.Shutdown(SocketShutdown.Send);
                await upload.ReceiveAsync(new byte[4096], stop).AsTask().WaitAsync(SeenWithin, TimeProvider.System, stop);
            }
        }
        catch (Exception ended) when (ended is SocketException or TimeoutException)
        {
            // The service may answer with a reset too; the metrics tell whether it had the request.
        }
        return true;
    }

    /// <returns>A page that has seen its first state and reads no more; null when there is none.</returns>
    static async Task<Socket?> PageAsync(ShelfUnderTest shelf, CancellationToken stop)
    {
        if (await TryConnectAsync(shelf, stop) is not { } page)
            return null;
        await page.SendAsync("GET /api/state/stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"u8.ToArray(), stop);
        byte[] buffer = new byte[4096];
        StringBuilder seen = new();
        try
        {
            while (await page.ReceiveAsync(buffer, stop).AsTask().WaitAsync(SeenWithin, TimeProvider.System, stop) is > 0 and int read)
            {
                seen.Append(Encoding.ASCII.GetString(buffer, 0, read));
                if (seen.ToString().Contains("event: state", StringComparison.Ordinal))
                    return page;
            }
        }
        catch (Exception ended) when (ended is SocketException or TimeoutException)
        {
            // The service does not answer: not a page.
        }
        page.Dispose();
        return null;
    }

    static async Task<Socket?> TryConnectAsync(ShelfUnderTest shelf, CancellationToken stop)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, shelf.Page.Port, stop);
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }

    static void Reset(Socket socket)
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }

    [GeneratedRegex(@"(?m)^http_server_request_duration_seconds_count\{[^}]*http_route=""/predict""[^}]*\} (?<count>[0-9.]+)")]
    private static partial Regex Uploads();
}
