using System.Net;
using Microsoft.Extensions.Options;

namespace EdgeShelf.Web;

sealed class WebOptionsValidator : IValidateOptions<WebOptions>
{
    public ValidateOptionsResult Validate(string? name, WebOptions options)
    {
        List<string> problems = [];
        if (!IPAddress.TryParse(options.Address, out _))
            problems.Add($"Web:Address is {options.Address}; allowed are IP addresses of this machine, 127.0.0.1 for this machine alone, 0.0.0.0 for all");
        if (options.Port is < 0 or > ushort.MaxValue)
            problems.Add($"Web:Port is {options.Port}; allowed are 0 to {ushort.MaxValue}, 0 for any that is free");
        if (options.MaxHistoryBytes < 0)
            problems.Add($"Web:MaxHistoryBytes is {options.MaxHistoryBytes}; allowed are 0 for no history, or a number of bytes");
        if (options.TokenFile is { Length: 0 })
            problems.Add("Web:TokenFile is empty; name a file, or leave the setting out");
        foreach (string host in options.AllowedHosts.Where(host => Uri.CheckHostName(host) == UriHostNameType.Unknown))
            problems.Add($"Web:AllowedHosts has {host}; allowed are host names without a scheme or port");
        foreach ((string key, string? file) in new[] { ("CertificateFile", options.CertificateFile), ("CertificateKeyFile", options.CertificateKeyFile) })
        {
            if (file is not null && !File.Exists(file))
                problems.Add($"Web:{key} is {file}; a PEM file that this user can read is needed");
        }
        if (options is { CertificateKeyFile: not null, CertificateFile: null })
            problems.Add("Web:CertificateFile is not set; it is needed beside Web:CertificateKeyFile");
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
