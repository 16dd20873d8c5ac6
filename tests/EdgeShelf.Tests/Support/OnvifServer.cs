using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace EdgeShelf.Tests.Support;

enum OnvifLogin { None, UsernameToken, HttpDigest }

/// <summary>A network camera with ONVIF: SOAP over real HTTP. A test changes what it demands and what it answers.</summary>
sealed partial class OnvifServer : IAsyncDisposable
{
    public const string User = "shelf";
    public const string Password = "it's <secret> & more";

    /// <summary>An address of the camera's own network, where nobody is.</summary>
    public const string OtherNetwork = "192.0.2.7";

    const string NotImplemented = "<s:Fault><s:Code><s:Value>s:Receiver</s:Value><s:Subcode><s:Value>ter:ActionNotSupported</s:Value></s:Subcode></s:Code><s:Reason><s:Text xml:lang=\"en\">Optional action not implemented</s:Text></s:Reason></s:Fault>";
    const string Realm = "camera", Nonce = "5a1d7c";
    const string Namespaces = """xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:tds="http://www.onvif.org/ver10/device/wsdl" xmlns:trt="http://www.onvif.org/ver10/media/wsdl" xmlns:tr2="http://www.onvif.org/ver20/media/wsdl" xmlns:tt="http://www.onvif.org/ver10/schema" xmlns:ter="http://www.onvif.org/ver10/error" """;

    static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(1);

    readonly WebApplication _app;
    readonly ConcurrentQueue<string> _asked = new();

    OnvifServer(WebApplication app)
    {
        _app = app;
        app.MapPost("/onvif/{service}", AnswerSoapAsync);
        app.MapGet("/{**path}", AnswerPictureAsync);
    }

    public Uri Url => LoopbackServer.AddressOf(_app);

    public OnvifLogin Login { get; set; }

    /// <summary>How far its clock is ahead.</summary>
    public TimeSpan Ahead { get; set; }

    /// <summary>The path of the pictures, or null if it has no snapshots.</summary>
    public string? SnapshotPath { get; set; } = "/picture?channel=1";

    /// <summary>Whether it has only the second version of the media service.</summary>
    public bool IsVersion2 { get; set; }

    /// <summary>The port in the addresses that it names; null means its own.</summary>
    public int? NamedPort { get; set; }

    /// <summary>Whether it names its snapshot address and answers there with 404.</summary>
    public bool HidesSnapshot { get; set; }

    public int RtspPort { get; set; } = 554;

    /// <summary>What it shows; null: it does not answer.</summary>
    public byte[]? Picture { get; set; } = [];

    /// <summary>Whole answers to operations, in the place of the right ones.</summary>
    public ConcurrentDictionary<string, string> Answers { get; } = new();

    /// <summary>The operations and paths that were asked for.</summary>
    public IReadOnlyList<string> Asked => [.. _asked];

    public static async Task<OnvifServer> StartAsync(X509Certificate2? certificate = null)
    {
        OnvifServer server = new(LoopbackServer.Build(certificate));
        await server._app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    async Task AnswerPictureAsync(HttpContext context)
    {
        string path = $"{context.Request.Path}{context.Request.QueryString}";
        _asked.Enqueue(path);
        if (Login != OnvifLogin.None && !HasDigest(context.Request))
        {
            Challenge(context.Response);
            return;
        }
        if (path != SnapshotPath || HidesSnapshot)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        if (Picture is not { } picture)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }
        context.Response.ContentType = "image/jpeg";
        context.Response.ContentLength = picture.Length;
        await context.Response.Body.WriteAsync(picture);
    }

    async Task AnswerSoapAsync(HttpContext context)
    {
        using StreamReader body = new(context.Request.Body);
        XDocument request = XDocument.Parse(await body.ReadToEndAsync());
        XNamespace soap = "http://www.w3.org/2003/05/soap-envelope";
        XElement question = request.Root!.Element(soap + "Body")!.Elements().Single();
        string operation = question.Name.LocalName;
        _asked.Enqueue(operation);
        if (Login == OnvifLogin.HttpDigest && operation != "GetSystemDateAndTime" && !HasDigest(context.Request))
        {
            Challenge(context.Response);
            return;
        }
        bool isWelcome = Login != OnvifLogin.UsernameToken || operation == "GetSystemDateAndTime" || HasUsernameToken(request);
        string answer = !isWelcome ? Fault("ter:NotAuthorized", "Sender not authorized") : Answers.GetValueOrDefault(operation) ?? AnswerTo(question);
        context.Response.StatusCode = answer.Contains("<s:Fault>", StringComparison.Ordinal) ? StatusCodes.Status400BadRequest : StatusCodes.Status200OK;
        context.Response.ContentType = "application/soap+xml; charset=utf-8";
        await context.Response.WriteAsync(answer);
    }

    public static string Fault(string code, string reason) => Envelope(
        $"<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>{code}</s:Value></s:Subcode></s:Code><s:Reason><s:Text xml:lang=\"en\">{reason}</s:Text></s:Reason></s:Fault>");

    public static string Envelope(string body) => $"<?xml version=\"1.0\" encoding=\"UTF-8\"?><s:Envelope {Namespaces}><s:Body>{body}</s:Body></s:Envelope>";

    string AnswerTo(XElement question)
    {
        DateTime now = (TimeProvider.System.GetUtcNow() + Ahead).UtcDateTime;
        string own = $"{Url.Scheme}://{OtherNetwork}:{NamedPort ?? Url.Port}";
        string media = $"{own}/onvif/media_service";
        bool isOfVersion2 = question.Name.NamespaceName.Contains("/ver20/", StringComparison.Ordinal);
        if (isOfVersion2)
            return AnswerOfVersion2To(question, own);
        return Envelope(question.Name.LocalName switch
        {
            "GetSystemDateAndTime" => $"<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:DateTimeType>NTP</tt:DateTimeType><tt:UTCDateTime><tt:Time><tt:Hour>{now.Hour}</tt:Hour><tt:Minute>{now.Minute}</tt:Minute><tt:Second>{now.Second}</tt:Second></tt:Time><tt:Date><tt:Year>{now.Year}</tt:Year><tt:Month>{now.Month}</tt:Month><tt:Day>{now.Day}</tt:Day></tt:Date></tt:UTCDateTime></tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>",
            "GetCapabilities" => $"<tds:GetCapabilitiesResponse><tds:Capabilities><tt:Media><tt:XAddr>{media}</tt:XAddr></tt:Media></tds:Capabilities></tds:GetCapabilitiesResponse>",
            "GetServices" => $"<tds:GetServicesResponse><tds:Service><tds:Namespace>http://www.onvif.org/ver10/device/wsdl</tds:Namespace><tds:XAddr>http://{OtherNetwork}/x</tds:XAddr></tds:Service><tds:Service><tds:Namespace>http://www.onvif.org/ver{(IsVersion2 ? 2 : 1)}0/media/wsdl</tds:Namespace><tds:XAddr>{media}</tds:XAddr></tds:Service></tds:GetServicesResponse>",
            _ when IsVersion2 && question.Name.NamespaceName.Contains("/media/", StringComparison.Ordinal) => NotImplemented,
            "GetProfiles" => "<trt:GetProfilesResponse><trt:Profiles token=\"audio\"><tt:Name>sound</tt:Name></trt:Profiles>"
                + "<trt:Profiles token=\"p0\" fixed=\"true\"><tt:Name>main</tt:Name><tt:VideoEncoderConfiguration token=\"v\"/></trt:Profiles>"
                + "<trt:Profiles token=\"p1\"><tt:Name>sub</tt:Name><tt:VideoEncoderConfiguration token=\"w\"/></trt:Profiles></trt:GetProfilesResponse>",
            "GetSnapshotUri" when SnapshotPath is { } path => $"<trt:GetSnapshotUriResponse><trt:MediaUri><tt:Uri>{new XText($"{own}{path}")}</tt:Uri></trt:MediaUri></trt:GetSnapshotUriResponse>",
            "GetStreamUri" => $"<trt:GetStreamUriResponse><trt:MediaUri><tt:Uri>rtsp://admin:admin@{OtherNetwork}:{RtspPort}/h264</tt:Uri></trt:MediaUri></trt:GetStreamUriResponse>",
            _ => NotImplemented,
        });
    }

    /// <summary>The answers of the second version of the media service, which has names of its own for the same.</summary>
    string AnswerOfVersion2To(XElement question, string own) => Envelope(question.Name.LocalName switch
    {
        _ when !IsVersion2 => NotImplemented,
        // It tells the parts of a profile only to those who ask for them.
        "GetProfiles" when question.Elements().Any(type => type.Name.LocalName == "Type") => "<tr2:GetProfilesResponse><tr2:Profiles token=\"audio\"><tr2:Name>sound</tr2:Name></tr2:Profiles>"
            + "<tr2:Profiles token=\"p0\" fixed=\"true\"><tr2:Name>main</tr2:Name><tr2:Configurations><tr2:VideoSource token=\"s\"/><tr2:VideoEncoder token=\"v\"/></tr2:Configurations></tr2:Profiles></tr2:GetProfilesResponse>",
        "GetProfiles" => "<tr2:GetProfilesResponse><tr2:Profiles token=\"p0\"><tr2:Name>main</tr2:Name></tr2:Profiles></tr2:GetProfilesResponse>",
        "GetSnapshotUri" when SnapshotPath is { } path => $"<tr2:GetSnapshotUriResponse><tr2:Uri>{new XText($"{own}{path}")}</tr2:Uri></tr2:GetSnapshotUriResponse>",
        "GetStreamUri" when question.Elements().First() is { Name.LocalName: "Protocol", Value: "RTSP" } => $"<tr2:GetStreamUriResponse><tr2:Uri>rtsp://{OtherNetwork}:{RtspPort}/h264</tr2:Uri></tr2:GetStreamUriResponse>",
        _ => NotImplemented,
    });

    bool HasUsernameToken(XDocument request)
    {
        string Value(string name) => request.Descendants().FirstOrDefault(element => element.Name.LocalName == name)?.Value ?? "";
        if (!DateTimeOffset.TryParse(Value("Created"), CultureInfo.InvariantCulture, out DateTimeOffset created) || (TimeProvider.System.GetUtcNow() + Ahead - created).Duration() > Tolerance)
            return false;
#pragma warning disable CA5350 // The profile prescribes SHA-1.
        byte[] expected = SHA1.HashData([.. Convert.FromBase64String(Value("Nonce")), .. Encoding.UTF8.GetBytes(Value("Created") + Password)]);
#pragma warning restore CA5350
        return Value("Username") == User && Value("Password") == Convert.ToBase64String(expected);
    }

    static void Challenge(HttpResponse response)
    {
        response.StatusCode = StatusCodes.Status401Unauthorized;
        response.Headers.WWWAuthenticate = $"Digest realm=\"{Realm}\", qop=\"auth\", nonce=\"{Nonce}\", algorithm=MD5";
    }

    static bool HasDigest(HttpRequest request)
    {
        Dictionary<string, string> parts = Part().Matches($"{request.Headers.Authorization}").ToDictionary(part => part.Groups["name"].Value, part => part.Groups["value"].Value);
        string Of(string name) => parts.GetValueOrDefault(name, "");
        string login = Hash($"{User}:{Realm}:{Password}"), target = Hash($"{request.Method}:{Of("uri")}");
        return Of("username") == User && Of("nonce") == Nonce && Of("response") == Hash($"{login}:{Nonce}:{Of("nc")}:{Of("cnonce")}:{Of("qop")}:{target}");
    }

#pragma warning disable CA5351 // HTTP's digest of these cameras is MD5.
    static string Hash(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5351

    [GeneratedRegex("""(?<name>[a-z]+)=(?:"(?<value>[^"]*)"|(?<value>[^\s,]+))""")]
    private static partial Regex Part();
}
