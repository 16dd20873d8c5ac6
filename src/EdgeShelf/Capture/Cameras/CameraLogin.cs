namespace EdgeShelf.Capture.Cameras;

/// <summary>The user name for a network camera, and the file that contains only its password. The file is read for each picture.</summary>
/// <param name="Section">The section of the settings, for messages.</param>
sealed record CameraLogin(string? User, string? PasswordFile, string Section)
{
    public bool IsGiven => !string.IsNullOrEmpty(User);

    /// <summary>Returns the password without the line's end, or an empty text if there is no file.</summary>
    /// <exception cref="CaptureException">`camera-refused`: the file cannot be read.</exception>
    public async Task<string> ReadPasswordAsync(CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(PasswordFile))
            return "";
        try
        {
            return (await File.ReadAllTextAsync(PasswordFile, cancellationToken)).TrimEnd('\r', '\n');
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new CaptureException("camera-refused", $"The password file {PasswordFile} cannot be read: {unreadable.Message}", $"Correct {Section}:PasswordFile or the file's permissions.", unreadable);
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
        if (IsGiven && string.IsNullOrEmpty(PasswordFile))
            yield return $"{Section}:PasswordFile is empty; with {Section}:User it must name a file that holds the password";
        if (!string.IsNullOrEmpty(PasswordFile) && !IsGiven)
            yield return $"{Section}:User is empty; with {Section}:PasswordFile it must name the user";
        if (!string.IsNullOrEmpty(PasswordFile) && !File.Exists(PasswordFile))
            yield return $"{Section}:PasswordFile is {PasswordFile}; allowed are files that exist and that this user may read";
    }
}
