//! Accounts of AWS itself, by which services wrote logs before they had principals of their own.

use super::iam::{Principal, Who};

/// Elastic Load Balancing, one for each Region that it had until 2022 (Elastic Load Balancing User Guide, "Access logs").
const LOAD_BALANCERS: [&str; 26] = [
    "127311923021",
    "033677994240",
    "027434742980",
    "797873946194",
    "098369216593",
    "754344448648",
    "589379963580",
    "718504428378",
    "383597477331",
    "600734575887",
    "114774131450",
    "783225319266",
    "582318560864",
    "985666609251",
    "054676820928",
    "156460612806",
    "652711504416",
    "635631232127",
    "009996457667",
    "897822967062",
    "076674570225",
    "507241528517",
    "048591011584",
    "190560391635",
    "638102146993",
    "037604701340",
];

/// CloudTrail, one for each Region that it had until 2020 (CloudTrail User Guide, "Supported Regions").
const CLOUDTRAIL: [&str; 23] = [
    "086441151436",
    "475085895292",
    "388731089494",
    "113285607260",
    "119688915426",
    "977081816279",
    "492519147666",
    "765225791966",
    "903692715234",
    "284668455005",
    "216624486486",
    "819402241893",
    "193415116832",
    "681348832753",
    "035351147821",
    "859597730677",
    "282025262664",
    "262312530599",
    "829690693026",
    "669305197877",
    "034638983726",
    "814480443879",
    "608710470296",
];

/// Whether a principal stands for an AWS service that does an action: its principal, its account, or a role that only it
/// can assume. By its account a service does nothing among logs but put them there.
pub(super) fn is_of_a_service(principal: &Principal, action: &str) -> bool {
    let writes = action == "s3:PutObject";
    let known = |account: &str| writes && (LOAD_BALANCERS.contains(&account) || CLOUDTRAIL.contains(&account));
    match &principal.who {
        Who::Service => true,
        Who::Account(account) => account.literal().is_some_and(known),
        Who::Identity(account) => {
            account.literal().is_some_and(known) || principal.text.after(":role/aws-service-role/").is_some()
        }
        _ => false,
    }
}
