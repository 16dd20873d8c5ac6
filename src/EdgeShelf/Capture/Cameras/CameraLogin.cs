using EdgeShelf.Platform;

namespace EdgeShelf.Capture.Cameras;

/// <summary>The user name for a network camera, and the file that contains only its password. The file is read for each picture.</summary>
/// <param name="Section">The section of the settings, for messages.</param>
sealed record CameraLogin(string? User, string? PasswordFile, string Section)
{
    public bool IsGiven => !string.IsNullOrEmpty(User);

    /// <summary>Returns the password without the line's end, or an empty text if there is no file.</summary>
    /// <exception cref="CaptureException">`camera-refused`: the file cannot be read, or no login can hold what is in it.</exception>
    public string ReadPassword()
    {
        if (string.IsNullOrEmpty(PasswordFile))
            return "";
        try
        {
            string password = Read(PasswordFile);
            return IsPlain(password) ? password : throw new CaptureException(
                "camera-refused", $"The password file {PasswordFile} has more than one line, or a control character in it.", $"Write only the password into the file that {Section}:PasswordFile names.");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new CaptureException("camera-refused", $"The password file {PasswordFile} cannot be read: {unreadable.Message}.", $"Correct {Section}:PasswordFile or the file's permissions.", unreadable);
        }
    }

    /// <summary>Finds the problems of the settings of a network camera's address and login.</summary>
    /// <param name="schemes">The allowed beginnings of the address.</param>
    public IEnumerable<string> ProblemsWith(string? address, params string[] schemes)
    {
        bool isUrl = Uri.TryCreate(address, UriKind.Absolute, out Uri? url);
        // The value may contain a password, so the message must not repeat it.
        if (isUrl && url!.UserInfo.Length > 0)
            yield return $"{Section}:Url is an address with a name or password in it; put them in {Section}:User and {Section}:PasswordFile";
        else if (!isUrl || !schemes.Contains(url!.Scheme) || url.Host.Length == 0)
            yield return $"{Section}:Url is {SettingRules.Shown(address)}; allowed are addresses that begin with {string.Join(" or ", schemes.Select(scheme => $"{scheme}://"))}";
        else if (url.Port == 0)
            yield return $"{Section}:Url is {SettingRules.Shown(address)}; allowed are ports from 1 to 65535, or none for the usual one";
        if (IsGiven && !IsPlain(User!))
            yield return $"{Section}:User is {SettingRules.Shown(User)}; allowed are names without control characters";
        if (IsGiven && string.IsNullOrEmpty(PasswordFile))
            yield return $"{Section}:PasswordFile is empty; with {Section}:User it must name a file that holds the password";
        if (!string.IsNullOrEmpty(PasswordFile) && !IsGiven)
            yield return $"{Section}:User is empty; with {Section}:PasswordFile it must name the user";
        if (!string.IsNullOrEmpty(PasswordFile) && !File.Exists(PasswordFile))
            yield return $"{Section}:PasswordFile is {PasswordFile}; allowed are files that exist and that this user may read";
        else if (!string.IsNullOrEmpty(PasswordFile) && WhyNoPassword(PasswordFile) is { } why)
            yield return $"{Section}:PasswordFile is {PasswordFile}; {why}";
    }

    static string? WhyNoPassword(string file)
    {
        try
        {
            return IsPlain(Read(file)) ? null : "allowed are files with one line, which is the password, and no control characters";
        }
        catch (IOException unreadable)
        {
            return $"a file with the password is needed: {unreadable.Message}";
        }
        catch (UnauthorizedAccessException)
        {
            // The settings are also checked by users who may not read the password. The service reports it with the first picture.
            return null;
        }
    }

    static string Read(string file) => NamedFile.ReadText(file).TrimEnd('\r', '\n');

    /// <summary>Whether a name or password can stand in a login: neither HTTP (RFC 7617) nor XML takes control characters, and XML takes no noncharacters.</summary>
    static bool IsPlain(string text) => !text.Any(letter => char.IsControl(letter) || letter >= '\uFFFE');
}
