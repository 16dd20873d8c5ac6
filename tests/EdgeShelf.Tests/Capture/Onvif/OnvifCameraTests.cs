using System.Security.Cryptography.X509Certificates;
using EdgeShelf.Capture;
using EdgeShelf.Capture.Cameras;
using EdgeShelf.Capture.Onvif;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Capture.Cameras;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Capture.Onvif;

public sealed class OnvifCameraTests : CameraContract
{
    static readonly TimeSpan Generous = TimeSpan.FromSeconds(30);

    readonly TemporaryFolder _folder = new();
    OnvifServer _server = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _server = await OnvifServer.StartAsync();
    }

    private protected override Camera Create(TimeSpan timeout, TimeProvider clock) =>
        new OnvifCamera(new OnvifCameraOptions { Url = $"onvif://127.0.0.1:{_server.Url.Port}" }, new CameraSettings(timeout, clock, null));

    protected override void Show(byte[] picture) => _server.Picture = picture;

    protected override void ShowNothing() => _server.Picture = [];

    protected override void ShowRubbish() => _server.Picture = "<html>Please log in</html>"u8.ToArray();

    protected override void Hang() => _server.Picture = null;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task TheCameraIsAskedOnceAndThenOnlyForPictures()
    {
        Show(Picture);
        Camera camera = New(Generous);
        await camera.CaptureAsync(Cancellation);

        await camera.CaptureAsync(Cancellation);

        Assert.Equal((string[])["GetSystemDateAndTime", "GetCapabilities", "GetProfiles", "GetSnapshotUri", _server.SnapshotPath!, _server.SnapshotPath!], _server.Asked);
    }

    [Fact]
    public async Task ALoginByUsernameTokenFollowsTheClockOfTheCamera()
    {
        Show(Picture);
        _server.Login = OnvifLogin.UsernameToken;
        _server.Ahead = TimeSpan.FromHours(-3.3);
        await using OnvifCamera camera = WithLogin(OnvifServer.Password);

        Assert.Equal(Picture, (await camera.CaptureAsync(Cancellation)).Bytes.ToArray());
    }

    [Fact]
    public async Task ALoginByHttpDigestIsMadeWhereTheCameraAsksForIt()
    {
        Show(Picture);
        _server.Login = OnvifLogin.HttpDigest;
        await using OnvifCamera camera = WithLogin(OnvifServer.Password);

        Assert.Equal(Picture, (await camera.CaptureAsync(Cancellation)).Bytes.ToArray());
    }

    [Theory]
    [InlineData("UsernameToken")]
    [InlineData("HttpDigest")]
    public async Task AWrongPasswordIsNamedAndNotRepeatedAndTheCameraIsThenAskedLessOften(string login)
    {
        _server.Login = Enum.Parse<OnvifLogin>(login);
        await using OnvifCamera camera = WithLogin("tr0ub4dor");
        CaptureException refused = await FailureOf(camera);
        for (int i = 1; i < RetryPause.Free; i++)
            await FailureOf(camera);
        int asked = _server.Asked.Count;

        CaptureException early = await FailureOf(camera);

        Assert.Equal("camera-refused", refused.Code);
        Assert.DoesNotContain("tr0ub4dor", $"{refused} {refused.Hint}", StringComparison.Ordinal);
        Assert.Contains("Capture:Onvif:PasswordFile", refused.Hint, StringComparison.Ordinal);
        Assert.Contains("it is asked again in", early.Message, StringComparison.Ordinal);
        Assert.Equal(asked, _server.Asked.Count);
    }

    [Fact]
    public async Task ACameraThatKnowsOnlyServicesIsAskedForThem()
    {
        Show(Picture);
        _server.Answers["GetCapabilities"] = OnvifServer.Fault("ter:ActionNotSupported", "Optional action not implemented");

        Assert.Equal(Picture, (await New(Generous).CaptureAsync(Cancellation)).Bytes.ToArray());
        Assert.Contains("GetServices", _server.Asked);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ACameraWithOnlyTheSecondMediaServiceIsAskedInItsWords(bool namesTheFirst)
    {
        Show(Picture);
        _server.IsVersion2 = true;
        if (!namesTheFirst)
            _server.Answers["GetCapabilities"] = OnvifServer.Envelope("<tds:GetCapabilitiesResponse><tds:Capabilities/></tds:GetCapabilitiesResponse>");

        Assert.Equal(Picture, (await New(Generous).CaptureAsync(Cancellation)).Bytes.ToArray());
    }

    [Fact]
    public async Task ThePortZeroInAnAddressStandsForTheOneOfTheSettings()
    {
        Show(Picture);
        _server.NamedPort = 0;

        Assert.Equal(Picture, (await New(Generous).CaptureAsync(Cancellation)).Bytes.ToArray());
    }

    [Fact]
    public async Task AFailureNamesTheOtherHostThatTheCameraNames()
    {
        _server.NamedPort = FreePort.Next();

        CaptureException problem = await FailureOf(New(Generous));

        Assert.Equal("camera-unreachable", problem.Code);
        Assert.Contains($"The camera names the host {OnvifServer.OtherNetwork} in its addresses, but only the host in Capture:Onvif:Url is asked", problem.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "install the package ffmpeg")]
    [InlineData(false, "names no stream that could be used instead")]
    public async Task ASnapshotAddressThatIsNotServedIsToldWithWhatHelps(bool hasStream, string advice)
    {
        _server.HidesSnapshot = true;
        if (!hasStream)
            _server.Answers["GetStreamUri"] = OnvifServer.Fault("ter:ActionNotSupported", "Optional action not implemented");
        await using OnvifCamera camera = new(new OnvifCameraOptions { Url = $"{_server.Url}" }, new CameraSettings(Generous, TimeProvider.System, null), _ => null);

        CaptureException problem = await FailureOf(camera);

        Assert.Contains("answered 404", problem.Message, StringComparison.Ordinal);
        Assert.Contains(advice, problem.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AServiceThatIsNotThereIsToldWithItsStatus()
    {
        await using OnvifCamera camera = new(new OnvifCameraOptions { Url = $"{_server.Url}wrong/path" }, new CameraSettings(Generous, TimeProvider.System, null));

        CaptureException problem = await FailureOf(camera);

        Assert.Contains("names no media service; it says: 40", problem.Message, StringComparison.Ordinal);
        Assert.Contains("Check that ONVIF is turned on", problem.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenTheCameraMovesItsPicturesItIsAskedAgain()
    {
        Show(Picture);
        Camera camera = New(Generous);
        await camera.CaptureAsync(Cancellation);
        _server.SnapshotPath = "/elsewhere.jpg";

        CaptureException gone = await FailureOf(camera);
        Frame frame = await camera.CaptureAsync(Cancellation);

        Assert.Equal("camera-failed", gone.Code);
        Assert.Equal(Picture, frame.Bytes.ToArray());
    }

    [Fact]
    public async Task AProfileIsChosenByItsNameAndAWrongNameIsAnsweredWithThoseThereAre()
    {
        await using OnvifCamera camera = new(new OnvifCameraOptions { Url = $"{_server.Url}", Profile = "best" }, new CameraSettings(Generous, TimeProvider.System, null));

        CaptureException problem = await FailureOf(camera);

        Assert.Contains("no profile 'best'; there are main, sub", problem.Message, StringComparison.Ordinal);
        Assert.Contains("Capture:Onvif:Profile", problem.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OverTlsTheCertificateIsCheckedForTheQuestionsAndForThePicture()
    {
        using TestAuthority authority = new();
        (string certificate, string key) = authority.Issue(_folder.Path, "camera");
        await using OnvifServer server = await OnvifServer.StartAsync(X509Certificate2.CreateFromPemFile(certificate, key));
        server.Picture = Picture;
        OnvifCameraOptions options = new() { Url = $"https://localhost:{server.Url.Port}" };
        await using OnvifCamera trusting = new(options, new CameraSettings(Generous, TimeProvider.System, null));
        options = new() { Url = options.Url, CaFile = authority.WriteCertificate(_folder.File("ca.crt")) };
        await using OnvifCamera camera = new(options, new CameraSettings(Generous, TimeProvider.System, null));

        CaptureException refused = await FailureOf(trusting);
        Frame frame = await camera.CaptureAsync(Cancellation);

        Assert.Contains("wrong CA", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Capture:Onvif:CaFile", refused.Hint, StringComparison.Ordinal);
        Assert.Equal(Picture, frame.Bytes.ToArray());
    }

    [Theory]
    [InlineData("not XML at all", "camera-failed")]
    [InlineData("<html><body>Welcome</html>", "camera-failed")]
    [InlineData("<!DOCTYPE s [<!ENTITY file SYSTEM \"file:///etc/hostname\">]><s>&file;</s>", "camera-failed")]
    [InlineData("<!DOCTYPE s [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;\">]><s>&c;</s>", "camera-failed")]
    [InlineData("deep", "camera-failed")]
    [InlineData("open", "camera-failed")]
    [InlineData("long", "too-large")]
    [InlineData("file:///etc/passwd", "camera-failed")]
    [InlineData("", "camera-failed")]
    public async Task AHostileAnswerIsAnErrorWithoutItsContent(string answer, string code)
    {
        _server.Answers["GetProfiles"] = answer switch
        {
            "deep" => OnvifServer.Fault("a", string.Concat(Enumerable.Repeat("<a>", 100_000)) + string.Concat(Enumerable.Repeat("</a>", 100_000))),
            "open" => string.Concat(Enumerable.Repeat("<a>", 300_000)),
            "long" => OnvifServer.Envelope(new string(' ', SoapMessage.MaxBytes)),
            _ => answer,
        };
        if (answer.StartsWith("file:", StringComparison.Ordinal))
        {
            _server.Answers.Clear();
            _server.Answers["GetSnapshotUri"] = OnvifServer.Envelope($"<trt:GetSnapshotUriResponse><trt:MediaUri><tt:Uri>{answer}</tt:Uri></trt:MediaUri></trt:GetSnapshotUriResponse>");
        }

        CaptureException problem = await FailureOf(New(Generous));

        Assert.Equal(code, problem.Code);
        Assert.DoesNotContain("Welcome", problem.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("passwd", problem.ToString(), StringComparison.Ordinal);
    }

    OnvifCamera WithLogin(string password) => new(
        new OnvifCameraOptions { Url = $"{_server.Url}", User = OnvifServer.User, PasswordFile = _folder.Write("password", password + "\n") },
        new CameraSettings(Generous, TimeProvider.System, null));
}
