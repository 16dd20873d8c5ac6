using EdgeShelf.Platform;
using EdgeShelf.Publish.Broker;
using EdgeShelf.Shelf;
using Microsoft.Extensions.Options;

namespace EdgeShelf.Publish;

/// <summary>
/// Finds every problem of the section at once. It is written by hand because the message of an attribute cannot show the value
/// that was found.
/// </summary>
sealed class PublishOptionsValidator : IValidateOptions<PublishOptions>
{
    public ValidateOptionsResult Validate(string? name, PublishOptions options)
    {
        List<string> problems = [];
        void Require(bool holds, string key, object? value, string allowed)
        {
            if (!holds)
                problems.Add($"Publish:{key} is {Shown(value)}; allowed are {allowed}");
        }

        Require(DeviceName.IsValid(options.Device), nameof(options.Device), options.Device, DeviceName.Allowed);
        bool hasSecret = Uri.TryCreate(options.Broker, UriKind.Absolute, out Uri? uri) && uri.UserInfo.Length > 0;
        Require(BrokerAddress.TryParse(options.Broker, out _), nameof(options.Broker), hasSecret ? "an address with a name in it" : options.Broker, BrokerAddress.Allowed);
        Require(options.PasswordFile is null || File.Exists(options.PasswordFile), nameof(options.PasswordFile), options.PasswordFile, "files that exist and that this user may read");
        Require(options.UserName?.Any(char.IsControl) != true, nameof(options.UserName), options.UserName, "names without control characters");
        Require(options.PasswordFile is null || options.UserName is not null, nameof(options.UserName), options.UserName, "a name where there is a PasswordFile");
        bool usesTls = BrokerAddress.TryParse(options.Broker, out BrokerAddress? address) && address.UsesTls;
        foreach ((string key, string? file) in new[]
        {
            (nameof(options.CaFile), options.CaFile), (nameof(options.ClientCertificateFile), options.ClientCertificateFile), (nameof(options.ClientKeyFile), options.ClientKeyFile),
        })
        {
            Require(file is null || File.Exists(file), key, file, "PEM files that exist and that this user may read");
            Require(file is null || usesTls || address is null, key, file, "nothing without TLS: Publish:Broker must begin with mqtts:// or wss://");
        }
        Require(options.ClientKeyFile is null == options.ClientCertificateFile is null, nameof(options.ClientKeyFile), options.ClientKeyFile, "a file where there is a ClientCertificateFile, and only there");
        // RFC 7301, section 3.1, allows 1 to 255 bytes.
        Require(options.Alpn.Length <= 255 && options.Alpn.All(character => character is > ' ' and <= '~'), nameof(options.Alpn), options.Alpn, "at most 255 visible ASCII characters");
        Require(options.Alpn.Length == 0 || usesTls || address is null, nameof(options.Alpn), options.Alpn, "nothing without TLS: Publish:Broker must begin with mqtts:// or wss://");
        RequireRange(nameof(options.KeepAlive), options.KeepAlive, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(10));
        RequireRange(nameof(options.Heartbeat), options.Heartbeat, TimeSpan.FromSeconds(5), TimeSpan.FromHours(1));
        RequireRange(nameof(options.MaxMessages), options.MaxMessages, 1, 10_000_000);
        RequireRange(nameof(options.MaxBytes), options.MaxBytes, 1L << 20, 1L << 40);
        RequireRange(nameof(options.MaxAge), options.MaxAge, TimeSpan.FromMinutes(1), TimeSpan.FromDays(3650));
        RequireRange(nameof(options.MinFreeBytes), options.MinFreeBytes, 0, 1L << 40);
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);

        void RequireRange<T>(string key, T value, T least, T most) where T : IComparable<T> =>
            Require(value.CompareTo(least) >= 0 && value.CompareTo(most) <= 0, key, value, $"{Shown(least)} to {Shown(most)}");
    }

    static string Shown(object? value) => value switch
    {
        null or "" => "empty",
        string text => $"'{PlainText.Shown(text)}'",
        TimeSpan time => Duration.Text(time),
        _ => $"{value}",
    };
}
