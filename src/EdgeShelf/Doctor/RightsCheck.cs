using EdgeShelf.Platform;

namespace EdgeShelf.Doctor;

/// <summary>Checks that the user of the service may open cameras and GPIO chips, and that only root may read the broker's password.</summary>
/// <param name="root">The root of the file system; tests use another folder.</param>
sealed class RightsCheck(string root = "/") : DoctorCheck
{
    const string ServiceUser = "edgeshelf";

    /// <summary>Cameras belong to the group video, GPIO chips to the group gpio.</summary>
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
                $"{ServiceDirectories.InstalledPassword} has the mode {mode}: users other than root can read the broker's password",
                $"`sudo chmod 600 {ServiceDirectories.InstalledPassword}`, and give the broker a new password where others use this device.")
            : Finding.Fine($"the user {ServiceUser} is in the groups video and gpio"));
    }

    /// <returns>The mode of a password file that users other than its owner may open, or null if there is no such file.</returns>
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
