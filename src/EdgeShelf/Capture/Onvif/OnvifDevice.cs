using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Xml;
using System.Xml.Linq;
using EdgeShelf.Capture.Cameras;
using EdgeShelf.Platform;

namespace EdgeShelf.Capture.Onvif;

/// <summary>Where a camera says that its pictures are. At least one address is given.</summary>
/// <param name="Snapshot">The address of single pictures, or null if the camera has none.</param>
/// <param name="Stream">The address of the stream, or null if it has none or was not asked for it.</param>
/// <param name="OtherHost">The host that the camera names in place of its own, or null.</param>
sealed record OnvifPictures(Uri? Snapshot, Uri? Stream, string? OtherHost);

/// <summary>
/// Asks a camera by ONVIF where its pictures are, with the first or the second version of the media service. The camera may answer anything; no address
/// leads to another host.
/// </summary>
/// <param name="url">The address of the camera's device service.</param>
/// <param name="client">HTTP with this camera.</param>
sealed class OnvifDevice(Uri url, CameraClient client, CameraLogin login, TimeProvider clock)
{
    static readonly XNamespace Device = "http://www.onvif.org/ver10/device/wsdl";
    static readonly XNamespace Media = "http://www.onvif.org/ver10/media/wsdl";
    static readonly XNamespace Media2 = "http://www.onvif.org/ver20/media/wsdl";
    static readonly XNamespace Schema = "http://www.onvif.org/ver10/schema";

    /// <summary>What makes a profile one with video, in the first and in the second version.</summary>
    static readonly string[] Video = ["VideoEncoderConfiguration", "VideoSourceConfiguration", "VideoEncoder", "VideoSource"];

    /// <summary>How far the camera's clock is ahead of this device's.</summary>
    TimeSpan _ahead;

    string? _otherHost;

    /// <param name="profile">The name or the token of the profile; null or empty means the first one.</param>
    /// <param name="wantsStream">Whether the stream is asked for even if there are single pictures.</param>
    /// <exception cref="CaptureException">The camera cannot be reached, refuses the login, or does not say where its pictures are.</exception>
    public async Task<OnvifPictures> FindAsync(string? profile, bool wantsStream, CancellationToken cancellationToken)
    {
        try
        {
            _ahead = await ClockOfCameraAsync(cancellationToken);
            (MediaService media, string token) = await ProfileAsync(profile, cancellationToken);
            Uri? snapshot = await SnapshotAsync(media, token, cancellationToken);
            Uri? stream = null;
            if (snapshot is null || wantsStream)
            {
                (stream, string? fault) = await StreamAsync(media, token, cancellationToken);
                if (snapshot is null && stream is null)
                    throw Failed($"gives neither a snapshot address nor a stream address{Because(fault)}");
            }
            return new OnvifPictures(snapshot, stream, _otherHost);
        }
        catch (CaptureException failed)
        {
            throw WithHost(failed, _otherHost, login.Section);
        }
    }

    /// <summary>Adds to the hint of a failure that the camera named another host, where nobody is asked.</summary>
    public static CaptureException WithHost(CaptureException failed, string? otherHost, string section) => otherHost is null || failed.Code is not ("camera-unreachable" or "camera-failed")
        ? failed
        : new CaptureException(
            failed.Code, failed.Message,
            $"{failed.Hint} The camera names the host {PlainText.Shown(otherHost, 60)} in its addresses, but only the host in {section}:Url is asked; if the pictures are on the other one, set {section}:Url to it.", failed);

    /// <summary>Every camera tells its time without a login, so that logins can be made by its clock. One that does not is taken to be right.</summary>
    async Task<TimeSpan> ClockOfCameraAsync(CancellationToken cancellationToken)
    {
        (XElement? body, _) = await AskAsync(url, new XElement(Device + "GetSystemDateAndTime"), isLoggedIn: false, cancellationToken);
        XElement? utc = body?.Descendants(Schema + "UTCDateTime").FirstOrDefault();
        int? Part(string name) => int.TryParse(utc?.Descendants(Schema + name).FirstOrDefault()?.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int part) ? part : null;
        if (Part("Year") is not { } year || Part("Month") is not { } month || Part("Day") is not { } day || Part("Hour") is not { } hour || Part("Minute") is not { } minute || Part("Second") is not { } second)
            return TimeSpan.Zero;
        bool isTime = DateTimeOffset.TryParseExact(
            string.Create(CultureInfo.InvariantCulture, $"{year:0000}-{month:00}-{day:00} {hour:00}:{minute:00}:{second:00}"), "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time);
        // The last year of the calendar leaves no room for the time that passes.
        return isTime && year < DateTimeOffset.MaxValue.Year ? time - clock.GetUtcNow() : TimeSpan.Zero;
    }

    /// <summary>
    /// The media services of the camera, the first version before the second. Older cameras answer only the first question, and newer ones prefer the
    /// second, which is asked only if the first one did not lead to a profile.
    /// </summary>
    async IAsyncEnumerable<MediaService> MediaServicesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        (XElement? capabilities, _) = await AskAsync(url, new XElement(Device + "GetCapabilities", new XElement(Device + "Category", "Media")), isLoggedIn: true, cancellationToken);
        string? address = capabilities?.Descendants(Schema + "Media").Elements(Schema + "XAddr").FirstOrDefault()?.Value;
        if (address is not null)
            yield return new MediaService(OnThisCamera(address, "http", "https"), Media);
        (XElement? services, string? fault) = await AskAsync(url, new XElement(Device + "GetServices", new XElement(Device + "IncludeCapability", "false")), isLoggedIn: true, cancellationToken);
        string? AddressOf(XNamespace version) =>
            services?.Descendants(Device + "Service").FirstOrDefault(service => service.Element(Device + "Namespace")?.Value.Trim() == version.NamespaceName)?.Element(Device + "XAddr")?.Value;
        if (address is null && AddressOf(Media) is { } first)
            yield return new MediaService(OnThisCamera(address = first, "http", "https"), Media);
        if (AddressOf(Media2) is { } second)
            yield return new MediaService(OnThisCamera(second, "http", "https"), Media2);
        else if (address is null)
            throw Failed($"names no media service{Because(fault)}");
    }

    async Task<(MediaService Media, string Token)> ProfileAsync(string? wanted, CancellationToken cancellationToken)
    {
        string? fault = null;
        await foreach (MediaService media in MediaServicesAsync(cancellationToken))
        {
            XElement question = new(media.Version + "GetProfiles");
            // The second version tells only tokens and names if no type is asked for.
            if (media.Version == Media2)
                question.Add(new XElement(Media2 + "Type", "VideoSource"), new XElement(Media2 + "Type", "VideoEncoder"));
            (XElement? body, string? refused) = await AskAsync(media.Address, question, isLoggedIn: true, cancellationToken);
            fault ??= refused;
            (string Token, string Name)[] profiles =
            [
                .. (body?.Descendants(media.Version + "Profiles") ?? [])
                    .Where(profile => profile.Elements().Concat(profile.Elements(Media2 + "Configurations").Elements()).Any(part => Video.Contains(part.Name.LocalName)))
                    .Select(profile => (Token: profile.Attribute("token")?.Value ?? "", Name: profile.Elements().FirstOrDefault(part => part.Name.LocalName == "Name")?.Value ?? ""))
                    .Where(profile => profile.Token.Length > 0),
            ];
            if (profiles.Length > 0)
                return (media, Choose(profiles, wanted));
        }
        throw Failed($"has no profile with video{Because(fault)}");
    }

    string Choose((string Token, string Name)[] profiles, string? wanted)
    {
        if (string.IsNullOrEmpty(wanted))
            return profiles[0].Token;
        return profiles.FirstOrDefault(profile => profile.Token == wanted || profile.Name == wanted).Token
            ?? throw new CaptureException(
                "camera-failed", $"{Shown} has no profile {SettingRules.Shown(wanted)}; there are {PlainText.Shown(string.Join(", ", profiles.Select(profile => profile.Name.Length > 0 ? profile.Name : profile.Token)))}.",
                $"Correct {login.Section}:Profile, or leave it empty for the first one.");
    }

    async Task<Uri?> SnapshotAsync(MediaService media, string token, CancellationToken cancellationToken)
    {
        // A camera without snapshots answers with a fault or with an empty address.
        (XElement? body, _) = await AskAsync(media.Address, new XElement(media.Version + "GetSnapshotUri", new XElement(media.Version + "ProfileToken", token)), isLoggedIn: true, cancellationToken);
        return UriIn(body) is { } told ? OnThisCamera(told, "http", "https") : null;
    }

    async Task<(Uri? Stream, string? Fault)> StreamAsync(MediaService media, string token, CancellationToken cancellationToken)
    {
        XElement transport = media.Version == Media2
            ? new XElement(Media2 + "Protocol", "RTSP")
            : new XElement(Media + "StreamSetup", new XElement(Schema + "Stream", "RTP-Unicast"), new XElement(Schema + "Transport", new XElement(Schema + "Protocol", "RTSP")));
        (XElement? body, string? fault) = await AskAsync(
            media.Address, new XElement(media.Version + "GetStreamUri", transport, new XElement(media.Version + "ProfileToken", token)), isLoggedIn: true, cancellationToken);
        return (UriIn(body) is { } told ? OnThisCamera(told, "rtsp", "rtsps") : null, fault);
    }

    static string? UriIn(XElement? body) => body?.Descendants().FirstOrDefault(part => part.Name.LocalName == "Uri")?.Value is { } told && !string.IsNullOrWhiteSpace(told) ? told : null;

    /// <summary>
    /// The address as it is reached from here. Cameras often name an address of another network, and a hostile one could name another device, so the
    /// host stays the one of the settings. Encryption is not given up, a name or password in the address is left out, and the port 0, which some
    /// cameras name, stands for the one of the settings or the usual one.
    /// </summary>
    Uri OnThisCamera(string told, params string[] schemes)
    {
        if (!Uri.TryCreate(told.Trim(), UriKind.Absolute, out Uri? address) || !schemes.Contains(address.Scheme))
            throw Failed($"names an address that does not begin with {string.Join(" or ", schemes.Select(scheme => $"{scheme}://"))}");
        if (address.Host != url.Host)
            _otherHost = address.Host;
        UriBuilder here = new(address) { Host = url.Host, UserName = "", Password = "" };
        if (address.Port == 0)
            here.Port = address.Scheme == url.Scheme ? url.Port : -1;
        if (address.Scheme == Uri.UriSchemeHttp && url.Scheme == Uri.UriSchemeHttps)
            (here.Scheme, here.Port) = (url.Scheme, url.Port);
        return here.Uri;
    }

    /// <returns>The operation's element of the answer, or null and the camera's reason.</returns>
    /// <exception cref="CaptureException">There is no answer, it is not SOAP, or the login is refused.</exception>
    async Task<(XElement? Answer, string? Fault)> AskAsync(Uri service, XElement operation, bool isLoggedIn, CancellationToken cancellationToken)
    {
        XElement? header = isLoggedIn && login.IsGiven
            ? SoapMessage.UsernameToken(login.User!, login.ReadPassword(), clock.GetUtcNow() + _ahead)
            : null;
        using HttpResponseMessage answer = await client.SendAsync(
            service, to => new HttpRequestMessage(HttpMethod.Post, to) { Content = SoapMessage.Content(operation, header) }, cancellationToken);
        // A fault comes with one of these statuses (SOAP 1.2 part 2, 7.5.2.2).
        if (answer.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.BadRequest or HttpStatusCode.InternalServerError))
        {
            if (!isLoggedIn)
                return (null, null);
            if (answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
                client.ThrowUnlessFine(answer);
            return (null, $"{(int)answer.StatusCode} {PlainText.Shown(answer.ReasonPhrase)}");
        }
        byte[] bytes = await client.ReadBodyAsync(answer.Content, SoapMessage.MaxBytes, cancellationToken);
        XElement? body = BodyOf(bytes, operation.Name.LocalName);
        if (body?.Element(SoapMessage.Envelope + "Fault") is not { } fault)
            return (body?.Elements().FirstOrDefault(), null);
        string codes = string.Join(' ', fault.Descendants(SoapMessage.Envelope + "Value").Select(code => code.Value));
        if (isLoggedIn && codes.Contains("NotAuthorized", StringComparison.Ordinal))
            throw new CaptureException("camera-refused", $"{Shown} refuses the login.", $"Correct {login.Section}:User and the password in {login.Section}:PasswordFile. Some cameras have users of their own for ONVIF.");
        string reason = fault.Element(SoapMessage.Envelope + "Reason")?.Value.Trim() ?? "";
        return (null, PlainText.Shown(reason.Length > 0 ? reason : codes));
    }

    XElement? BodyOf(byte[] bytes, string operation)
    {
        try
        {
            return SoapMessage.Read(bytes).Root?.Element(SoapMessage.Envelope + "Body");
        }
        catch (XmlException broken)
        {
            // The exception is not kept inside the new one, because its message repeats what the camera sent.
            throw new CaptureException("camera-failed", $"{Shown} answers {operation} with {bytes.Length} bytes that are not a SOAP message (line {broken.LineNumber}).", NotOnvif);
        }
    }

    string Shown => SettingRules.WithoutSecrets(url);

    string NotOnvif => $"Check that ONVIF is turned on in the camera's settings, and {login.Section}:Url.";

    static string Because(string? fault) => fault is null ? "" : $"; it says: {fault}";

    CaptureException Failed(string what) => new("camera-failed", $"{Shown} {what}.", NotOnvif);

    /// <param name="Version">The namespace of its operations.</param>
    readonly record struct MediaService(Uri Address, XNamespace Version);
}
