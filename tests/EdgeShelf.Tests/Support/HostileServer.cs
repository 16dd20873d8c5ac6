using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EdgeShelf.Tests.Support;

/// <summary>An HTTP server on loopback that a test makes answer anything, or nothing.</summary>
sealed class HostileServer : IAsyncDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _stop = new();
    readonly Task _serving;

    public HostileServer()
    {
        _listener.Start();
        Url = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/snapshot.jpg");
        _serving = ServeAsync();
    }

    public Uri Url { get; }

    /// <summary>Header lines of the requests so far, each request in one string.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>Writes the answer to one request; the connection is closed after it.</summary>
    public Func<string, NetworkStream, CancellationToken, Task> Answer { get; set; } = NothingAsync;

    /// <summary>Accepts and stays silent.</summary>
    public static Task NothingAsync(string request, NetworkStream stream, CancellationToken stop) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop);

    /// <summary>Answers with these lines and bytes; a content length is added unless the headers have one.</summary>
    public void AnswerWith(string status, string headers, byte[] body) => Answer = async (_, stream, stop) =>
    {
        string length = headers.Contains("Content-Length", StringComparison.OrdinalIgnoreCase) ? "" : $"Content-Length: {body.Length}\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\n{headers}{length}Connection: close\r\n\r\n"), stop);
        await stream.WriteAsync(body, stop);
    };

    public void AnswerWithPicture(byte[] picture) => AnswerWith("200 OK", "Content-Type: image/jpeg\r\n", picture);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        // Before the listener ends: a stopped one refuses to accept in other words.
        await _serving;
        _listener.Stop();
    }

    async Task ServeAsync()
    {
        List<Task> connections = [];
        try
        {
            while (true)
                connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            await Task.WhenAll(connections);
        }
    }

    async Task ServeAsync(TcpClient client)
    {
        using TcpClient connection = client;
        try
        {
            NetworkStream stream = connection.GetStream();
            using StreamReader reader = new(stream, Encoding.ASCII, leaveOpen: true);
            StringBuilder request = new();
            while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 } line)
                request.AppendLine(line);
            if (request.Length == 0)
                return;
            lock (Requests)
                Requests.Add($"{request}");
            await Answer($"{request}", stream, _stop.Token);
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException)
        {
            // The camera hung up, or the test is over.
        }
    }
}
