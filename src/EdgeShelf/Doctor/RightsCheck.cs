using EdgeShelf.Platform;

namespace EdgeShelf.Doctor;

/// <summary>Whether the service's user may open cameras and GPIO chips.</summary>
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
        return Task.FromResult(missing.Length == 0
            ? Finding.Fine($"the user {ServiceUser} is in the groups video and gpio")
            : Finding.Fault(
                $"the user {ServiceUser} is not in {string.Join(" and ", missing)}",
                string.Join("; ", missing.Select(group => $"`sudo adduser {ServiceUser} {group}`")) + ", then restart the service."));
    }

    // name:password:number:member,member
    bool IsMember(string group) =>
        SystemFile.Value(root, "etc/group", $"{group}:") is { } line && line.Split(':') is [.., string members] && members.Split(',').Contains(ServiceUser);
}
