using Countersign.Configuration;
using Countersign.Native;

namespace Countersign.Commands.Serve;

/// <summary>Whom the gate runs as: <c>user</c>, in effect only when root starts it.</summary>
internal sealed record RunAs(string Name, UserIdentity Identity)
{
    private const string DefaultUser = "nobody";

    /// <returns>nginx's sentence when there is no such user or group; otherwise null, with nobody to become unless root.</returns>
    public static string? Find(MainPlan main, out RunAs? runAs)
    {
        runAs = null;
        if (!Credentials.IsRoot)
        {
            return null;
        }
        var name = ByteText.ToUnicode(main.User ?? DefaultUser);
        if (Credentials.FindUser(name, out var identity) < 0)
        {
            return $"getpwnam(\"{name}\") failed";
        }
        var group = identity.Group;
        var groupName = main.Group is null ? main.User is null ? "nogroup" : null : ByteText.ToUnicode(main.Group);
        if (groupName is not null && Credentials.FindGroup(groupName, out group) < 0)
        {
            if (main.Group is not null)
            {
                return $"getgrnam(\"{groupName}\") failed";
            }
            group = identity.Group;
        }
        // As nginx: a process without a master stays who it is.
        runAs = main.MasterProcess ? new RunAs(name, new UserIdentity(identity.User, group)) : null;
        return null;
    }

    /// <summary>The calling thread and those it starts keep the right to read root's keys and to bind low ports, unused until a reload.</summary>
    /// <returns>0 or a negative error number.</returns>
    public int Become() => Credentials.Become(Name, Identity.User, Identity.Group);
}
