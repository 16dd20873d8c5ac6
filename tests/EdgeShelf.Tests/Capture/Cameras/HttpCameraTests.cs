using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using EdgeShelf.Capture;
using EdgeShelf.Capture.Cameras;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace EdgeShelf.Tests.Capture.Cameras;

public sealed class HttpCameraTests : CameraContract
{
    readonly HostileServer _server = new();
    readonly TemporaryFolder _folder = new();

    private protected override Camera Create(TimeSpan timeout, TimeProvider clock) =>
        new HttpCamera(new HttpCameraOptions { Url = $"{_server.Url}" }, timeout, clock);

    protected override void Show(byte[] picture) => _server.AnswerWithPicture(picture);

    protected override void ShowNothing() => _server.AnswerWithPicture([]);

    protected override void ShowRubbish() => _server.AnswerWith("200 OK", "Content-Type: text/html\r\n", "<html>Please log in</html>"u8.ToArray());

    protected override void Hang() => _server.Answer = HostileServer.NothingAsync;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("503 Service Unavailable", "camera-failed")]
    [InlineData("404 Not Found", "camera-failed")]
    [InlineData("204 No Content", "camera-failed")]
    [InlineData("401 Unauthorized", "camera-refused")]
    [InlineData("403 Forbidden", "camera-refused")]
    public async Task AnErrorPageIsNoPictureEvenWhenItLooksLikeOne(string status, string code)
    {
        _server.AnswerWith(status, "Content-Type: image/jpeg\r\n", status.StartsWith("204", StringComparison.Ordinal) ? [] : Picture);

        CaptureException problem = await FailureOf(Camera());

        Assert.Equal(code, problem.Code);
        Assert.Contains(status, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AShortBodyIsNoPicture()
    {
        _server.AnswerWith("200 OK", $"Content-Type: image/jpeg\r\nContent-Length: {Picture.Length}\r\n", Picture[..1000]);

        Assert.Equal("camera-failed", (await FailureOf(Camera())).Code);
    }

    [Fact]
    public async Task ABodyThatStallsIsEndedByTheTimeLimit()
    {
        _server.Answer = async (request, stream, stop) =>
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: {Picture.Length}\r\n\r\n"), stop);
            await stream.WriteAsync(Picture.AsMemory(0, 1000), stop);
            await HostileServer.NothingAsync(request, stream, stop);
        };

        Assert.Equal("camera-timeout", (await FailureOf(New(TimeSpan.FromSeconds(0.7)))).Code);
    }

    [Fact]
    public async Task ABodyWithoutEndIsLetGoAtTheSizeLimit()
    {
        byte[] megabyte = new byte[1_000_000];
        Picture.AsSpan(0, 1000).CopyTo(megabyte);
        _server.Answer = async (_, stream, stop) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\n\r\n"u8.ToArray(), stop);
            while (true)
                await stream.WriteAsync(megabyte, stop);
        };

        Assert.Equal("too-large", (await FailureOf(Camera())).Code);
    }

    [Fact]
    public async Task AnAnnouncedLengthAboveTheLimitIsNotRead()
    {
        _server.AnswerWith("200 OK", "Content-Type: image/jpeg\r\nContent-Length: 3000000000\r\n", Picture);

        Assert.Equal("too-large", (await FailureOf(Camera())).Code);
    }

    [Fact]
    public async Task AStreamIsRefusedAndTheHintNamesTheSnapshotAddress()
    {
        _server.AnswerWith("200 OK", "Content-Type: multipart/x-mixed-replace; boundary=frame\r\n", Picture);

        CaptureException problem = await FailureOf(Camera());

        Assert.Equal("not-a-picture", problem.Code);
        Assert.Contains("snapshot", problem.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhereNobodyListensTheCameraIsUnreachable()
    {
        await _server.DisposeAsync();

        Assert.Equal("camera-unreachable", (await FailureOf(Camera())).Code);
    }

    [Fact]
    public async Task ARubbishAnswerIsAnErrorAndNoCrash()
    {
        _server.Answer = async (_, stream, stop) => await stream.WriteAsync("\0\0\0 not HTTP at all"u8.ToArray(), stop);

        Assert.Equal("camera-unreachable", (await FailureOf(Camera())).Code);
    }

    [Theory]
    [InlineData("application/octet-stream")]
    [InlineData(null)]
    public async Task AGeneralTypeOrNonePassesWhenTheBytesAreAPicture(string? type)
    {
        _server.AnswerWith("200 OK", type is null ? "" : $"Content-Type: {type}\r\n", Picture);

        Assert.Equal(Picture, (await Camera().CaptureAsync(Cancellation)).Bytes.ToArray());
    }

    [Fact]
    public async Task APictureIsAPictureWhateverTypeTheCameraNames()
    {
        _server.AnswerWith("200 OK", "Content-Type: text/html\r\n", Picture);

        Assert.Equal(Picture, (await Camera().CaptureAsync(Cancellation)).Bytes.ToArray());
    }

    [Theory]
    [InlineData("<!DOCTYPE html>\n<title>Log in</title>")]
    [InlineData("\uFEFF\r\n<html>\n<body>Log in</body>")]
    public async Task APageThatIsCalledAPictureIsRefusedAndNamed(string page)
    {
        _server.AnswerWith("200 OK", "Content-Type: image/jpeg\r\n", Encoding.UTF8.GetBytes(page));

        CaptureException problem = await FailureOf(Camera());

        Assert.Equal("not-a-picture", problem.Code);
        Assert.Contains("(image/jpeg)", problem.Message, StringComparison.Ordinal);
        Assert.Contains("HTML", problem.Message, StringComparison.Ordinal);
        Assert.Contains("page", problem.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenAReusedConnectionIsResetThePictureComesAtOnceOnANewOne()
    {
        int connections = 0;
        _server.Answer = async (_, stream, stop) =>
        {
            bool isFirst = Interlocked.Increment(ref connections) == 1;
            byte[] picture = isFirst ? Picture : OtherPicture;
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: {picture.Length}\r\n\r\n"), stop);
            await stream.WriteAsync(picture, stop);
            if (!isFirst)
                return;
            await stream.ReadAtLeastAsync(new byte[16], 16, cancellationToken: stop);
            // Without lingering, closing resets the connection.
            stream.Socket.Close(0);
        };
        Camera camera = Camera();
        await camera.CaptureAsync(Cancellation);

        Frame frame = await camera.CaptureAsync(Cancellation);

        Assert.Equal(OtherPicture, frame.Bytes.ToArray());
        Assert.Equal(2, connections);
    }

    [Fact]
    public async Task TheCertificateOfTheCameraIsCheckedAgainstTheFileAtEachConnection()
    {
        using TestAuthority ours = new();
        using TestAuthority stranger = new("A stranger");
        await using WebApplication server = await ServeWithTlsAsync(ours, "localhost");
        string ca = stranger.WriteCertificate(_folder.File("ca.crt"));
        await using HttpCamera camera = SecureCamera(server, ca);

        CaptureException refused = await FailureOf(camera);
        ours.WriteCertificate(ca);
        Frame frame = await camera.CaptureAsync(Cancellation);

        Assert.Equal("camera-failed", refused.Code);
        Assert.Contains("The camera's certificate is refused: it was issued by CN=EdgeShelf test root", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Capture:Http:CaFile", refused.Hint, StringComparison.Ordinal);
        Assert.Equal(Picture, frame.Bytes.ToArray());
    }

    [Fact]
    public async Task ACertificateForAnotherNameIsRefused()
    {
        using TestAuthority ours = new();
        await using WebApplication server = await ServeWithTlsAsync(ours, "other.example");
        await using HttpCamera camera = SecureCamera(server, ours.WriteCertificate(_folder.File("ca.crt")));

        Assert.Contains("wrong host name", (await FailureOf(camera)).Message, StringComparison.Ordinal);
    }

    /// <summary>Most cameras make their certificate themselves.</summary>
    [Fact]
    public async Task ACertificateThatTheCameraMadeItselfIsTrustedWhenTheFileHoldsIt()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=camera", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 own = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        await using WebApplication server = await ServeWithTlsAsync(own);

        await using HttpCamera camera = SecureCamera(server, _folder.Write("ca.crt", own.ExportCertificatePem()));

        Assert.Equal(Picture, (await camera.CaptureAsync(Cancellation)).Bytes.ToArray());
    }

    [Fact]
    public async Task AFileThatHoldsNoCertificateIsNamed()
    {
        using TestAuthority ours = new();
        await using WebApplication server = await ServeWithTlsAsync(ours, "localhost");
        await using HttpCamera camera = SecureCamera(server, _folder.Write("ca.crt", "rubbish"));

        Assert.Contains($"Capture:Http:CaFile {_folder.File("ca.crt")} cannot be used", (await FailureOf(camera)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ThePasswordIsReadFromItsFileWhenTheCameraAsks()
    {
        DemandPassword("shelf:tr0ub4dor");
        File.WriteAllText(_folder.File("password"), "wrong\n");
        HttpCamera camera = new(new HttpCameraOptions { Url = $"{_server.Url}", User = "shelf", PasswordFile = _folder.File("password") }, TimeSpan.FromSeconds(30), TimeProvider.System);

        CaptureException refused = await FailureOf(camera);
        File.WriteAllText(_folder.File("password"), "tr0ub4dor\n");
        Frame frame = await camera.CaptureAsync(Cancellation);

        Assert.Equal("camera-refused", refused.Code);
        Assert.DoesNotContain("wrong", refused.Message + refused.Hint, StringComparison.Ordinal);
        Assert.Equal(Picture, frame.Bytes.ToArray());
    }

    /// <summary>The camera has a name here, as in a shop's network: only an address of loopback gets the password without TLS in any case.</summary>
    [Theory]
    [InlineData(false, false, "camera-refused")]
    [InlineData(true, true, null)]
    public async Task WithoutTlsThePasswordIsSentByBasicOnlyWhereThatIsAllowed(bool isAllowed, bool isSent, string? code)
    {
        DemandPassword("shelf:tr0ub4dor");
        File.WriteAllText(_folder.File("password"), "tr0ub4dor\n");
        HttpCameraOptions options = new()
        {
            Url = $"http://{NameOfThisHost()}:{_server.Url.Port}/snapshot.jpg",
            User = "shelf",
            PasswordFile = _folder.File("password"),
            AllowBasicOverHttp = isAllowed,
        };
        await using HttpCamera camera = new(options, TimeSpan.FromSeconds(30), TimeProvider.System);

        CaptureException? refused = await Record.ExceptionAsync(() => camera.CaptureAsync(Cancellation)) as CaptureException;

        Assert.Equal(code, refused?.Code);
        Assert.Equal(isSent, _server.Requests.Any(request => request.Contains("Authorization: Basic", StringComparison.OrdinalIgnoreCase)));
        if (refused is not null)
        {
            Assert.Contains("was not sent", refused.Message, StringComparison.Ordinal);
            Assert.Contains("Capture:Http:AllowBasicOverHttp", refused.Hint, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task ThePasswordDoesNotFollowARedirectToAnotherServer()
    {
        await using HostileServer thief = new();
        thief.AnswerWith("401 Unauthorized", "WWW-Authenticate: Basic realm=\"give it to me\"\r\n", []);
        _server.AnswerWith("302 Found", $"Location: {thief.Url}\r\n", []);
        File.WriteAllText(_folder.File("password"), "tr0ub4dor\n");
        HttpCamera camera = new(new HttpCameraOptions { Url = $"{_server.Url}", User = "shelf", PasswordFile = _folder.File("password") }, TimeSpan.FromSeconds(30), TimeProvider.System);

        Assert.Equal("camera-refused", (await FailureOf(camera)).Code);
        Assert.NotEmpty(thief.Requests);
        Assert.All(thief.Requests, request => Assert.DoesNotContain("Authorization", request, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>A hostile camera sent the device to its own loopback, and an event quoted what was there.</summary>
    [Theory]
    [InlineData("http://localhost:1/secret", "localhost")]
    [InlineData("file:///etc/passwd", "file:///etc/passwd")]
    [InlineData("ftp://127.0.0.1/a.jpg", "ftp://")]
    public async Task ARedirectElsewhereIsNotFollowed(string location, string named)
    {
        _server.AnswerWith("302 Found", $"Location: {location}\r\n", []);

        CaptureException problem = await FailureOf(Camera());

        Assert.Equal("camera-failed", problem.Code);
        Assert.Contains(named, problem.Message, StringComparison.Ordinal);
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task ARedirectOfTheSameHostIsFollowedAndALoopOfThemEnds()
    {
        _server.Answer = async (request, stream, stop) =>
        {
            bool isThere = request.StartsWith("GET /there", StringComparison.Ordinal);
            string head = isThere ? $"200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: {Picture.Length}" : "307 Temporary Redirect\r\nLocation: /there\r\nContent-Length: 0";
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {head}\r\nConnection: close\r\n\r\n"), stop);
            await stream.WriteAsync(isThere ? Picture : [], stop);
        };
        Assert.Equal(Picture, (await Camera().CaptureAsync(Cancellation)).Bytes.ToArray());

        _server.AnswerWith("302 Found", "Location: /snapshot.jpg\r\n", []);
        _server.Requests.Clear();
        Assert.Equal("camera-failed", (await FailureOf(Camera())).Code);
        Assert.Equal(4, _server.Requests.Count);
    }

    [Fact]
    public async Task APasswordInTheQueryAndTheContentOfAnAnswerStayOutOfMessages()
    {
        _server.AnswerWith("200 OK", "Content-Type: image/jpeg\r\n", "tr0ub4dor is the token"u8.ToArray());
        HttpCamera camera = new(new HttpCameraOptions { Url = $"{_server.Url}?user=shelf&password=hunter2" }, TimeSpan.FromSeconds(30), TimeProvider.System);

        CaptureException problem = await FailureOf(camera);

        Assert.DoesNotContain("hunter2", problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("tr0ub", problem.Message, StringComparison.Ordinal);
        Assert.Contains("text", problem.Message, StringComparison.Ordinal);
    }

    Task<WebApplication> ServeWithTlsAsync(TestAuthority authority, string host)
    {
        (string certificate, string key) = authority.Issue(_folder.Path, "camera", host);
        return ServeWithTlsAsync(X509Certificate2.CreateFromPemFile(certificate, key));
    }

    static async Task<WebApplication> ServeWithTlsAsync(X509Certificate2 certificate)
    {
        WebApplication server = LoopbackServer.Build(certificate);
        server.MapGet("/snapshot.jpg", () => Results.Bytes(Picture, "image/jpeg"));
        await server.StartAsync(Cancellation);
        return server;
    }

    static HttpCamera SecureCamera(WebApplication server, string caFile) =>
        new(new HttpCameraOptions { Url = $"https://localhost:{LoopbackServer.AddressOf(server).Port}/snapshot.jpg", CaFile = caFile }, TimeSpan.FromSeconds(30), TimeProvider.System);

    static string NameOfThisHost()
    {
        string name = Dns.GetHostName();
        bool leadsHere = false;
        try
        {
            leadsHere = Dns.GetHostAddresses(name).Contains(IPAddress.Loopback);
        }
        catch (SocketException)
        {
        }
        Assert.SkipUnless(leadsHere, "this machine's own name does not resolve to 127.0.0.1.");
        return name;
    }

    void DemandPassword(string userAndPassword) => _server.Answer = async (request, stream, stop) =>
    {
        string expected = $"Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(userAndPassword))}";
        bool welcome = request.Contains(expected, StringComparison.Ordinal);
        string head = welcome ? "200 OK\r\nContent-Type: image/jpeg" : "401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"camera\"";
        byte[] body = welcome ? Picture : [];
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {head}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n"), stop);
        await stream.WriteAsync(body, stop);
    };

    Camera Camera() => New(TimeSpan.FromSeconds(30));
}
