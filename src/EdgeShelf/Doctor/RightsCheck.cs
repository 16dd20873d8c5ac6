using EdgeShelf.Platform;

namespace EdgeShelf.Doctor;

/// <summary>Whether the service's user may open cameras and GPIO chips, and nobody but root the broker's password.</summary>
/// <param name="root">The root of the file system; another one in tests.</param>
sealed class RightsCheck(string root = "/") : DoctorCheck
{
    const string ServiceUser = "edgeshelf";

    /// <summary>Cameras belong to the one, GPIO chips to the other.</summary>
    static readonly string[] Groups = ["video", "gpio"];

    public override string Name => "rights";

    public override Task<Finding> RunAsync(CancellationToken cancellationToken)
    {
        if (SystemFile.Value(root, "etc/passwd", $"{ServiceUser}:") is null)
            return Task.FromResult(Finding.Warning($"there is no user {ServiceUser}: this is not an installed service", "Install the edgeshelf package to run it as a service."));
        string[] missing = [.. Groups.Where(group => !IsMember(group))];
        if (missing.Length > 0)
        {
            return Task.FromResult(Finding.Fault(
                $"the user {ServiceUser} is not in {string.Join(" and ", missing)}",
                string.Join("; ", missing.Select(group => $"`sudo adduser {ServiceUser} {group}`")) + ", then restart the service."));
        }
        return Task.FromResult(OpenPassword() is { } mode
            ? Finding.Warning(
                $"{ServiceDirectories.InstalledPassword} has the mode {mode}: other users than root can open the broker's password",
                $"`sudo chmod 600 {ServiceDirectories.InstalledPassword}`, and give the broker a new password where others use this device.")
            : Finding.Fine($"the user {ServiceUser} is in the groups video and gpio"));
    }

    /// <returns>The mode of a password file that others than its owner may open; null where there is none, or all is well.</returns>
    string? OpenPassword()
    {
        string path = Path.Combine(root, ServiceDirectories.InstalledPassword[1..]);
        return File.Exists(path) && File.GetUnixFileMode(path) is var mode && (mode & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite)) != UnixFileMode.None
            ? Convert.ToString((int)mode, 8)
            : null;
    }

    // name:password:number:member,member
    bool IsMember(string group) =>
        SystemFile.Value(root, "etc/group", $"{group}:") is { } line && line.Split(':') is [.., string members] && members.Split(',').Contains(ServiceUser);
}
